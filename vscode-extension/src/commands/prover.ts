// Choosing what proposes tactics beside Lean's automation: a model on this machine, a server, or nothing.

import * as vscode from 'vscode'
import { SECTION } from '../settings'

interface Choice extends vscode.QuickPickItem {
  readonly choose: () => Promise<Prover | undefined>
}

interface Prover {
  readonly model: string
  readonly url: string
}

export async function switchProver(): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(SECTION)
  const now: Prover = { model: configuration.get('prover.model', ''), url: configuration.get('prover.url', '') }
  const chosen = await vscode.window.showQuickPick(choices(now), {
    title: 'Ghostproof: Prover',
    placeHolder: 'What proposes tactics; all of them are checked by Lean.',
  })
  const prover = await chosen?.choose()
  if (prover === undefined) return
  for (const [name, value] of Object.entries(prover)) {
    await configuration.update(`prover.${name}`, value === '' ? undefined : value, vscode.ConfigurationTarget.Global)
  }
}

function choices(now: Prover): Choice[] {
  const mark = (on: boolean): string => (on ? '$(check) ' : '')
  return [
    {
      label: `${mark(now.model === '' && now.url === '')}Automation only`,
      detail: "Lean's own tactics; no model.",
      choose: () => Promise.resolve({ model: '', url: '' }),
    },
    {
      label: `${mark(now.url === '' && now.model !== '')}A model on this machine…`,
      detail: now.model || 'By its name on the hub, or the folder it is in.',
      choose: () => askModel(now.model),
    },
    {
      label: '$(folder) A model in a folder…',
      detail: 'Choose the folder that holds its weights.',
      choose: askFolder,
    },
    {
      label: `${mark(now.url !== '')}A server…`,
      detail: now.url || 'Any that speaks the OpenAI protocol: vLLM, SGLang, llama.cpp.',
      choose: () => askServer(now.url),
    },
  ]
}

async function askModel(value: string): Promise<Prover | undefined> {
  const prompt = 'Name of the model on the hub, or the folder it is in'
  const model = await vscode.window.showInputBox({ prompt, value, ignoreFocusOut: true })
  return model?.trim() ? { model: model.trim(), url: '' } : undefined
}

async function askFolder(): Promise<Prover | undefined> {
  const options = { canSelectFolders: true, canSelectFiles: false, openLabel: 'Use This Model' }
  const [folder] = (await vscode.window.showOpenDialog(options)) ?? []
  return folder && { model: folder.fsPath, url: '' }
}

async function askServer(value: string): Promise<Prover | undefined> {
  const url = await vscode.window.showInputBox({
    prompt: 'Base address of the server',
    placeHolder: 'http://127.0.0.1:8000/v1',
    value,
    ignoreFocusOut: true,
    validateInput: (text) => (isAddress(text.trim()) ? undefined : 'An address begins with http:// or https://'),
  })
  return url?.trim() ? { model: '', url: url.trim() } : undefined
}

export function isAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}
