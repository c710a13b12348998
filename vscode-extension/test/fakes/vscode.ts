// The editor, as far as the units need one: documents, editors, settings and events that a test moves by hand.

import { vi } from 'vitest'

type Listener<T> = (event: T) => unknown

export class Disposable {
  constructor(private readonly end: () => unknown = () => undefined) {}
  dispose(): void {
    this.end()
  }
}

export class EventEmitter<T> {
  private readonly listeners = new Set<Listener<T>>()
  readonly event = (listener: Listener<T>): Disposable => {
    this.listeners.add(listener)
    return new Disposable(() => this.listeners.delete(listener))
  }
  fire(event: T): void {
    for (const listener of this.listeners) listener(event)
  }
  dispose(): void {
    this.listeners.clear()
  }
}

export class CancellationTokenSource {
  private readonly emitter = new EventEmitter<void>()
  readonly token = { isCancellationRequested: false, onCancellationRequested: this.emitter.event }
  cancel(): void {
    this.token.isCancellationRequested = true
    this.emitter.fire()
  }
  dispose(): void {
    this.emitter.dispose()
  }
}

export class Position {
  constructor(
    readonly line: number,
    readonly character: number,
  ) {}
  isEqual(other: Position): boolean {
    return this.line === other.line && this.character === other.character
  }
  translate(lines: number): Position {
    return new Position(this.line + lines, this.character)
  }
}

export class Range {
  readonly start: Position
  readonly end: Position
  constructor(a: Position | number, b: Position | number, c?: number, d?: number) {
    this.start = a instanceof Position ? a : new Position(a, b as number)
    this.end = b instanceof Position ? b : new Position(c ?? 0, d ?? 0)
  }
  get isEmpty(): boolean {
    return this.start.isEqual(this.end)
  }
  contains(at: Position): boolean {
    const after = at.line > this.start.line || (at.line === this.start.line && at.character >= this.start.character)
    return after && (at.line < this.end.line || (at.line === this.end.line && at.character <= this.end.character))
  }
}

export class Selection extends Range {
  get active(): Position {
    return this.end
  }
}

export class InlineCompletionItem {
  command: unknown
  constructor(
    readonly insertText: string,
    readonly range?: Range,
  ) {}
}

export class ThemeColor {
  constructor(readonly id: string) {}
}

export class MarkdownString {
  value = ''
  appendMarkdown(text: string): this {
    this.value += text
    return this
  }
  appendText(text: string): this {
    return this.appendMarkdown(text)
  }
  appendCodeblock(text: string): this {
    return this.appendMarkdown(text)
  }
}

export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 }

export class TreeItem {
  constructor(
    readonly label: string,
    readonly collapsibleState = TreeItemCollapsibleState.None,
  ) {}
}

export class ThemeIcon {
  constructor(
    readonly id: string,
    readonly color?: ThemeColor,
  ) {}
}

/** A list in the side bar that a test shows and hides. */
export class FakeTreeView {
  static last: FakeTreeView
  message = ''
  visible = false
  private readonly seen = new EventEmitter<{ visible: boolean }>()
  readonly onDidChangeVisibility = this.seen.event
  constructor() {
    FakeTreeView.last = this
  }
  show(visible: boolean): void {
    this.visible = visible
    this.seen.fire({ visible })
  }
  dispose(): void {
    this.seen.dispose()
  }
}

export const Uri = {
  parse: (text: string) => uri(text),
  file: (path: string) => uri(`file://${path}`),
  from: ({ scheme, path, query }: { scheme: string; path: string; query: string }) => uri(`${scheme}:${path}?${query}`),
}

function uri(text: string): { scheme: string; path: string; fsPath: string; toString(): string } {
  const path = text.replace(/^\w+:(\/\/)?/, '').replace(/\?.*$/, '')
  return { scheme: text.split(':')[0] ?? '', path, fsPath: text.replace(/^file:\/\//, ''), toString: () => text }
}

/** Of the comparisons alone. */
export class TabInputTextDiff {
  constructor(
    readonly original: unknown,
    readonly modified: unknown,
  ) {}
}

interface FakeTab {
  readonly input: unknown
}

const tabsChanged = new EventEmitter<{ closed: readonly FakeTab[] }>()

/** The comparisons that are open. */
export const tabs = {
  open: [] as FakeTab[],
  closeAll(): void {
    const closed = tabs.open
    tabs.open = []
    tabsChanged.fire({ closed })
  },
}

export class WorkspaceEdit {
  static documents: readonly FakeDocument[] = []
  readonly edits: { range: Range; text: string }[] = []
  target: FakeDocument | undefined
  replace(where: { toString(): string }, range: Range, text: string): void {
    this.target = WorkspaceEdit.documents.find(({ uri }) => uri.toString() === where.toString())
    this.edits.push({ range, text })
  }
}

export class FakeDocument {
  version = 1
  readonly uri
  constructor(
    public text: string,
    readonly languageId = 'lean4',
    where = 'file:///project/File.lean',
  ) {
    this.uri = uri(where)
  }
  getText(range?: Range): string {
    if (range === undefined) return this.text
    return this.text.slice(this.offsetAt(range.start), this.offsetAt(range.end))
  }
  replace(range: Range, text: string): void {
    this.text = this.text.slice(0, this.offsetAt(range.start)) + text + this.text.slice(this.offsetAt(range.end))
    this.version += 1
    events.changed.fire({ document: this, contentChanges: [{}] })
  }
  get lineCount(): number {
    return this.text.split('\n').length
  }
  lineAt(line: number): { range: Range } {
    const text = this.text.split('\n')[line] ?? ''
    return { range: new Range(line, 0, line, text.length) }
  }
  offsetAt({ line, character }: Position): number {
    const lines = this.text.split('\n').slice(0, line)
    return lines.reduce((sum, each) => sum + each.length + 1, 0) + character
  }
}

export class FakeEditor {
  readonly drawn = new Map<unknown, readonly unknown[]>()
  private selected = new Selection(0, 0, 0, 0)
  constructor(readonly document: FakeDocument) {}
  get selection(): Selection {
    return this.selected
  }
  set selection(selection: Selection) {
    this.selected = selection
    events.selected.fire({ textEditor: this, selections: [selection] })
  }
  /** Put the cursor somewhere, as a user does. */
  move(line: number, character: number): void {
    this.selection = new Selection(line, character, line, character)
  }
  setDecorations(type: unknown, decorations: readonly unknown[]): void {
    this.drawn.set(type, decorations)
  }
  edit(work: (edit: { replace(range: Range, text: string): void }) => void): Promise<boolean> {
    work({ replace: (range, text) => this.document.replace(range, text) })
    return Promise.resolve(true)
  }
}

/** What a test fires. */
export const events = {
  changed: new EventEmitter<{ document: FakeDocument; contentChanges: readonly unknown[] }>(),
  selected: new EventEmitter<{ textEditor: FakeEditor; selections: readonly Selection[] }>(),
  activated: new EventEmitter<FakeEditor | undefined>(),
}

/** Settings by their full names, as the user has set them. */
export const userSettings = new Map<string, unknown>()

export const window = {
  activeTextEditor: undefined as FakeEditor | undefined,
  visibleTextEditors: [] as FakeEditor[],
  showTextDocument: vi.fn(() => Promise.resolve()),
  createTreeView: vi.fn(() => new FakeTreeView()),
  createTextEditorDecorationType: vi.fn((options: unknown) => ({ options, dispose: () => undefined })),
  onDidChangeTextEditorSelection: events.selected.event,
  onDidChangeActiveTextEditor: events.activated.event,
  showInformationMessage: vi.fn<(message: string, ...buttons: string[]) => Promise<string | undefined>>(() =>
    Promise.resolve(undefined),
  ),
  showErrorMessage: vi.fn(),
  withProgress: vi.fn(),
  tabGroups: {
    onDidChangeTabs: tabsChanged.event,
    get all() {
      return [{ tabs: tabs.open }]
    },
    close: (gone: readonly FakeTab[]) => {
      tabs.open = tabs.open.filter((tab) => !gone.includes(tab))
      return Promise.resolve(true)
    },
  },
}

/** File systems of which some can be written to; of `output:` and the like none is known. */
const FILE_SYSTEMS: Record<string, boolean> = { memfs: true, git: false }

export const workspace = {
  fs: { isWritableFileSystem: (scheme: string) => FILE_SYSTEMS[scheme] },
  onDidChangeTextDocument: events.changed.event,
  workspaceFolders: undefined,
  openTextDocument: vi.fn<(uri: unknown) => Promise<FakeDocument>>(),
  registerTextDocumentContentProvider: vi.fn(() => new Disposable()),
  applyEdit: vi.fn((edit: WorkspaceEdit) => {
    // Each says where it goes in the text as it was; a document has one more version behind all of them.
    const before = edit.target?.version ?? 0
    for (const { range, text } of edit.edits.toReversed()) edit.target?.replace(range, text)
    if (edit.target) edit.target.version = before + 1
    return Promise.resolve(true)
  }),
  getConfiguration: (section: string) => ({
    get: (name: string, otherwise?: unknown) => userSettings.get(`${section}.${name}`) ?? otherwise,
    inspect: (name: string) => ({
      key: name,
      defaultValue: 'default',
      globalValue: userSettings.get(`${section}.${name}`),
    }),
  }),
}

export const commands = {
  executeCommand: vi.fn((command: string, ...words: unknown[]) => {
    if (command === 'vscode.diff') tabs.open.push({ input: new TabInputTextDiff(words[0], words[1]) })
    return Promise.resolve()
  }),
  registerCommand: vi.fn(() => new Disposable()),
}

export const extensions = { getExtension: vi.fn() }
export const InlineCompletionTriggerKind = { Invoke: 0, Automatic: 1 }
export const DecorationRangeBehavior = { ClosedClosed: 1 }
export const ProgressLocation = { Notification: 15, Window: 10 }
export const StatusBarAlignment = { Left: 1, Right: 2 }
export const ConfigurationTarget = { Global: 1 }
