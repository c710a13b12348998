// What only the extension host can tell: runs inside the real one, next to the packaged extension.

const assert = require('node:assert/strict')
const vscode = require('vscode')

const ID = 'ghostproof.ghostproof'

/** Fulfilled when every check holds; the editor reports a rejection as exit code 1. */
exports.run = async () => {
  const [file] = await vscode.workspace.findFiles('Host.lean')
  const document = await vscode.workspace.openTextDocument(file)
  await vscode.window.showTextDocument(document)
  const extension = vscode.extensions.getExtension(ID)
  const api = await extension.activate()
  await api.ready
  serves(api)
  await everyCommandIsThere(extension)
  await noActionIsPreferred(document)
}

function serves(api) {
  const { capabilities } = api.client().initializeResult
  assert.ok(capabilities.inlineCompletionProvider)
  assert.ok(capabilities.codeActionProvider)
  assert.equal(api.status().activity.kind, 'running')
  assert.equal(api.status().paused, false)
}

async function everyCommandIsThere(extension) {
  const known = new Set(await vscode.commands.getCommands(true))
  const declared = extension.packageJSON.contributes.commands.map(({ command }) => command)
  assert.deepEqual(
    declared.filter((command) => !known.has(command)),
    [],
  )
}

async function noActionIsPreferred(document) {
  for (const action of await closers(document)) {
    assert.ok(!action.isPreferred)
    assert.ok(action.kind.value === vscode.CodeActionKind.QuickFix.value)
    assert.equal(action.edit.entries().length, 1)
  }
}

/** The actions that close the goal. A menu waits for some time only, in which a Lean that starts may find none yet. */
async function closers(document) {
  const at = document.positionAt(document.getText().indexOf('sorry') + 1)
  for (;;) {
    const actions = await menu(document, new vscode.Range(at, at))
    const ours = actions.filter(({ title }) => / ✓ closes the goal$/.test(title))
    if (ours.length > 0) return ours
  }
}

/** What the menu offers. The editor cancels one during which another extension begins to offer actions. */
async function menu(document, range) {
  for (;;) {
    try {
      const kind = vscode.CodeActionKind.QuickFix.value
      return await vscode.commands.executeCommand('vscode.executeCodeActionProvider', document.uri, range, kind)
    } catch (problem) {
      if (problem.name !== 'Canceled') throw problem
    }
  }
}
