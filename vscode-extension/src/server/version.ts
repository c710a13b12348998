// Versions as Python packages have them, as far as telling the newer one needs it.

/** Less than zero where `a` is older than `b`. `1.0.dev1` < `1.0rc1` < `1.0` < `1.0.post1`; a local part does not count. */
export function compareVersions(a: string, b: string): number {
  const left = key(a)
  const right = key(b)
  for (let i = 0; i < Math.max(left.release.length, right.release.length); i++) {
    const difference = (left.release[i] ?? 0) - (right.release[i] ?? 0)
    if (difference !== 0) return difference
  }
  return left.stage - right.stage || left.number - right.number
}

const STAGES: Readonly<Record<string, number>> = { dev: -4, a: -3, b: -2, rc: -1, post: 1 }

function key(version: string): { release: number[]; stage: number; number: number } {
  const [, release = '0', stage = '', number = '0'] =
    /^v?([\d.]*\d)(?:[._-]?(dev|a|b|rc|post)(\d*))?/.exec(version.trim()) ?? []
  return { release: release.split('.').map(Number), stage: STAGES[stage] ?? 0, number: Number(number) }
}
