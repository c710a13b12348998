// What the editor knows of where a server or a Python may be.

import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import * as vscode from 'vscode'
import { programs, type Surroundings } from './places'

/** The part of the Python extension's API that is used; every member is tested for, as it is another's to change. */
interface PythonApi {
  readonly environments?: { getActiveEnvironmentPath?(): { readonly path?: string } | undefined }
}

export function surroundings(context: vscode.ExtensionContext): Surroundings {
  const python = activePython()
  return {
    platform: process.platform,
    home: homedir(),
    path: process.env['PATH'] ?? '',
    folders: (vscode.workspace.workspaceFolders ?? []).filter((f) => f.uri.scheme === 'file').map((f) => f.uri.fsPath),
    pythonPrograms: python === undefined ? undefined : programsOf(python),
    privateEnvironment: privateEnvironment(context),
  }
}

/** Folder of the virtual environment that the extension makes for the server. */
export function privateEnvironment(context: vscode.ExtensionContext): string {
  return join(context.globalStorageUri.fsPath, 'server')
}

/** The Python extension's current interpreter or environment, if that extension is running. */
export function activePython(): string | undefined {
  const extension = vscode.extensions.getExtension<PythonApi>('ms-python.python')
  return extension?.isActive ? extension.exports.environments?.getActiveEnvironmentPath?.()?.path : undefined
}

/** The API names either an interpreter or the folder of an environment. */
function programsOf(path: string): string {
  return /python[\d.]*(\.exe)?$/i.test(path) ? dirname(path) : programs(path, process.platform)
}
