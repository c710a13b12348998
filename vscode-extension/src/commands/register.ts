// The commands of the palette, the menu and the keys.

import * as vscode from 'vscode'
import { isLean, isServed } from '../documents'
import { ACCEPTED } from '../ghost/items'
import type { SuggestionNode } from '../panel/nodes'
import { VIEW } from '../panel/panel'
import { type Place, REPAIR } from '../protocol'
import { prove } from '../prove/prove'
import type { Session } from '../session'
import { READ_ONLY } from '../status'
import { openDemo } from './demo'
import { Doctor } from './doctor'
import { Installer, openSetting } from './install'
import { showMenu } from './menu'
import { switchProver } from './prover'

type Handler = (...words: never[]) => unknown

export function registerCommands(session: Session, context: vscode.ExtensionContext): { dispose(): unknown }[] {
  const installer = new Installer(session, context)
  const doctor = new Doctor(session)
  const handlers: Record<string, Handler> = {
    'ghostproof.suggest': () => suggest(session),
    'ghostproof.accept': () => accept(session),
    'ghostproof.nextReplacement': () => session.replacements.cycle(1),
    'ghostproof.previousReplacement': () => session.replacements.cycle(-1),
    'ghostproof.dismiss': () => session.replacements.hide(),
    'ghostproof.showSuggestions': () => vscode.commands.executeCommand(`${VIEW}.focus`),
    'ghostproof.insert': (node: SuggestionNode) => insertChosen(session, node),
    'ghostproof.pause': () => session.pause(true),
    'ghostproof.resume': () => session.pause(false),
    'ghostproof.restart': () => session.restart(),
    'ghostproof.showLog': () => session.channel.show(),
    'ghostproof.doctor': () => doctor.show(),
    'ghostproof.menu': () => showMenu(session.status),
    'ghostproof.switchProver': () => switchProver(),
    'ghostproof.prove': (place?: Place) => prove(session, place),
    'ghostproof.repair': (place?: Place) => prove(session, place, REPAIR),
    'ghostproof.insertProof': () => session.preview.decide(true),
    'ghostproof.discardProof': () => session.preview.decide(false),
    'ghostproof.installServer': () => installer.server(),
    'ghostproof.installLean': () => installer.lean(),
    'ghostproof.openDemo': () => openDemo(context),
    'ghostproof.openSettings': () => openSetting(`@ext:${context.extension.id}`),
    [ACCEPTED]: () => askNext(session),
  }
  const commands = Object.entries(handlers).map(([id, handler]) => vscode.commands.registerCommand(id, handler))
  return [doctor, ...commands]
}

/** Ghost text where it can be drawn, and the menu of actions everywhere else. */
async function suggest(session: Session): Promise<void> {
  const editor = vscode.window.activeTextEditor
  if (editor === undefined || !isServed(editor.document)) {
    void vscode.window.showInformationMessage(
      isLean(editor?.document) ? READ_ONLY : 'Ghostproof suggests in Lean documents.',
    )
    return
  }
  if (session.status.paused) session.pause(false)
  if (!(await session.ghost.ask(editor, 'asked for'))) await vscode.commands.executeCommand('editor.action.quickFix')
}

async function accept(session: Session): Promise<void> {
  if (await session.replacements.accept()) await askNext(session)
  else await vscode.commands.executeCommand('editor.action.inlineSuggest.commit')
}

async function insertChosen(session: Session, node: SuggestionNode): Promise<void> {
  if (await session.panel.insert(node)) await askNext(session)
}

async function askNext(session: Session): Promise<void> {
  const editor = vscode.window.activeTextEditor
  if (editor !== undefined) await session.ghost.ask(editor, 'accepted')
}
