// Offers the quick fix that Lean's own server would: "Try this", preferred. Its status bar item says when it is up.

const vscode = require('vscode')

const SELECTOR = { scheme: 'file', language: 'lean4' }
const MARK = /^\s*(sorry)\s*-- try this: (.*)$/

exports.activate = (context) => {
  const item = vscode.window.createStatusBarItem('beside.status', vscode.StatusBarAlignment.Left)
  item.name = 'Beside'
  item.text = '∀'
  item.show()
  context.subscriptions.push(item, vscode.languages.registerCodeActionsProvider(SELECTOR, { provideCodeActions }))
}

function provideCodeActions(document, range) {
  const line = document.lineAt(range.start.line)
  const [, , tactic] = MARK.exec(line.text) ?? []
  if (tactic === undefined) return []
  const action = new vscode.CodeAction(`Try this: ${tactic}`, vscode.CodeActionKind.QuickFix)
  const start = line.text.indexOf('sorry')
  action.edit = new vscode.WorkspaceEdit()
  action.edit.replace(document.uri, new vscode.Range(line.lineNumber, start, line.lineNumber, start + 5), tactic)
  action.isPreferred = true
  return [action]
}
