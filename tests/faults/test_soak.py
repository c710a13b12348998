"""A short soak: random kills against a running language server and against the official native one."""

from faults.soak import SEED, soak

KILLS = 30


async def test_every_kill_is_survived_and_nothing_is_lost() -> None:
    report = await soak(KILLS, SEED)
    assert report.kills >= KILLS, report
    assert report.recovered == report.kills, report
    assert (report.lost_edits, report.orphans, report.touched) == (0, 0, 0), report
    assert report.growth <= 1.1, report
