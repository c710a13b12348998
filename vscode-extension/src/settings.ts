// The editor's settings: those of the extension itself, and those handed to the server.

import * as vscode from 'vscode'

export const SECTION = 'ghostproof'

/** Sections that the extension keeps to itself; every other one is the server's. */
export const OWN_SECTIONS: readonly string[] = ['server', 'editor', 'prove']

export interface Manifest {
  contributes: { configuration: readonly { properties: Record<string, unknown> }[] }
}

/** Names of the server's settings, `lean.toolchain` and so on, from the extension's manifest. */
export function serverSettings(manifest: Manifest): string[] {
  return manifest.contributes.configuration
    .flatMap((category) => Object.keys(category.properties))
    .map((id) => id.slice(SECTION.length + 1))
    .filter((name) => !OWN_SECTIONS.includes(name.split('.')[0] ?? ''))
}

/**
 * What the user has set, nested by section, as the server takes it.
 *
 * Defaults are left out: they are the server's to know, and sent they would hide the user's configuration file.
 */
export function chosenSettings(names: readonly string[]): Record<string, Record<string, unknown>> {
  const configuration = vscode.workspace.getConfiguration(SECTION)
  const chosen: Record<string, Record<string, unknown>> = {}
  for (const name of names) {
    const known = configuration.inspect(name)
    const value: unknown = known?.workspaceFolderValue ?? known?.workspaceValue ?? known?.globalValue
    const [section, key] = name.split('.')
    if (value === undefined || section === undefined || key === undefined) continue
    ;(chosen[section] ??= {})[key] = value
  }
  return chosen
}

/** The command that runs `ghostproof`, as the user set it; undefined where it is to be looked for. */
export function commandSetting(): readonly string[] | undefined {
  const value: unknown = vscode.workspace.getConfiguration(SECTION).get('server.command')
  const words = Array.isArray(value)
    ? value.map(String)
    : typeof value === 'string' && value.trim()
      ? [value.trim()]
      : []
  return words.length > 0 ? words : undefined
}

/** Whether ghost text is offered without being asked for, here and in the editor as a whole. */
export function automatic(document: vscode.TextDocument): boolean {
  const editor = vscode.workspace.getConfiguration('editor', document)
  return (
    vscode.workspace.getConfiguration(SECTION).get<boolean>('lsp.automatic', true) &&
    editor.get<boolean>('inlineSuggest.enabled', true)
  )
}

/** Whether a proof that was found is shown before it is put in. */
export function showsProofs(): boolean {
  return vscode.workspace.getConfiguration(SECTION).get<boolean>('prove.preview', true)
}

/** Whether a suggestion in place of a `sorry` is drawn beside it. */
export function showsReplacements(): boolean {
  return vscode.workspace.getConfiguration(SECTION).get<boolean>('editor.replacements', true)
}
