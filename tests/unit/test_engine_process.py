"""What the engine's process settles before torch is imported."""

from ghostproof.prover.engine.process import SPINS, limit_spinning


def test_idle_threads_sleep_soon() -> None:
    environment = {"PATH": "/bin"}
    limit_spinning(environment)
    assert environment == {"PATH": "/bin", "GOMP_SPINCOUNT": SPINS}


def test_a_persons_own_choice_stands() -> None:
    for name, value in (("OMP_WAIT_POLICY", "ACTIVE"), ("GOMP_SPINCOUNT", "7")):
        environment = {name: value}
        limit_spinning(environment)
        assert environment == {name: value}
