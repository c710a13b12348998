// The editor's window in a browser: every selector and every key that the tests know stands here.

import { basename } from 'node:path'
import { type Browser, chromium, errors, type Locator, type Page } from 'playwright-core'
import { artifact } from './places.ts'

/** Nothing here waits a fixed time; this is when a test gives up. */
const PATIENCE_MS = Number(process.env['GHOSTPROOF_E2E_PATIENCE_S'] ?? 150) * 1000
const AGAIN_MS = 5_000
const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update', '--font-render-hinting=none'],
]
const GHOST = '.view-lines [class*="ghost-text"], .view-zones [class*="ghost-text"], .suggest-preview-text'

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Options {
  readonly width?: number
  readonly height?: number
  /** Device pixels to one of the page. */
  readonly scale?: number
  readonly prepare?: (page: Page) => Promise<void>
}

export class Workbench {
  readonly page: Page
  private readonly browser: Browser

  private constructor(browser: Browser, page: Page) {
    this.browser = browser
    this.page = page
  }

  /** A window on what `url` opens; `prepare` sees its page before anything is loaded. */
  static async open(executablePath: string, url: string, options: Options = {}): Promise<Workbench> {
    const { width = 1120, height = 640, scale = 1, prepare } = options
    const browser = await chromium.launch({ executablePath, headless: true, args: FLAGS })
    const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: scale })
    const { hostname } = new URL(url)
    const inside = (host: string): boolean => host === hostname || host === 'localhost' || host.endsWith('.localhost')
    await context.route('**/*', (route) =>
      inside(new URL(route.request().url()).hostname) ? route.continue() : route.abort(),
    )
    const page = await context.newPage()
    page.setDefaultTimeout(PATIENCE_MS)
    await prepare?.(page)
    await page.goto(url)
    await page.locator('.monaco-workbench .statusbar').waitFor()
    return new Workbench(browser, page)
  }

  async close(): Promise<void> {
    await this.browser.close()
  }

  /** Keep a picture of the window, or of a part of it; returns where. */
  async picture(name: string, part?: Box): Promise<string> {
    const path = artifact(`${name}.png`)
    await this.page.screenshot({ path, animations: 'disabled', ...(part && { clip: part }) })
    return path
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key)
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text)
  }

  // Documents

  /** Open a file by its whole path, which needs no search, with the keyboard in it. */
  async open(file: string): Promise<void> {
    const name = basename(file)
    await this.pick('Control+p', file, new RegExp(`^${escaped(name)}`))
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor()
    await this.page.locator('.editor-group-container.active .monaco-editor.focused').waitFor()
  }

  /** Put the cursor at a place, both counted from 1. */
  async goTo(line: number, column: number): Promise<void> {
    await this.press('Control+g')
    await this.quickInput.waitFor()
    await this.quickInput.fill(`:${line}:${column}`)
    await this.press('Enter')
    await this.quickInput.waitFor({ state: 'hidden' })
    await this.page.locator('.statusbar-item', { hasText: `Ln ${line}, Col ${column}` }).waitFor()
  }

  /** Press a key that changes the saved text of the document, and save that. */
  async change(key: string): Promise<void> {
    await this.press(key)
    await this.page.locator('.tab.active.dirty').waitFor()
    await this.save()
  }

  async save(): Promise<void> {
    await this.press('Control+s')
    await this.page.locator('.tab.active:not(.dirty)').waitFor()
  }

  async newDocument(): Promise<void> {
    await this.press('Control+Alt+n')
    await this.page.locator('.tab.active[data-resource-name^="Untitled"]').waitFor()
    await this.focusEditor()
  }

  /** Compare a file with its last committed version, as the list of changes does. */
  async openChanges(name: string): Promise<void> {
    await this.press('Control+Shift+g')
    await this.page.locator('.scm-view .monaco-list-row', { hasText: name }).click()
    await this.page.locator('.editor.original .view-line').first().waitFor()
  }

  /** Text on the older side of a comparison. */
  older(text: string): Locator {
    return this.page.locator('.editor.original .view-line', { hasText: text })
  }

  /** Save the document in front as a file, as the dialog for it wants its whole path. */
  async saveAs(file: string): Promise<void> {
    await this.press('Control+Shift+s')
    // The dialog begins with a name of its own, once it has found one.
    await this.page.waitForFunction(() => {
      const input = document.querySelector<HTMLInputElement>('.quick-input-widget .quick-input-box input')
      return input?.value.endsWith('.lean') === true
    })
    await this.quickInput.fill(file)
    await this.page.locator('.quick-input-widget .monaco-button', { hasText: 'OK' }).click()
    await this.page.locator(`.tab.active[data-resource-name="${basename(file)}"]:not(.dirty)`).waitFor()
    await this.focusEditor()
  }

  /** Say in which language the document in front is. */
  async language(name: string): Promise<void> {
    await this.statusBar('Plain Text').click()
    await this.quickInput.waitFor()
    await this.quickInput.fill(name)
    await this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: name }).waitFor()
    await this.press('Enter')
    await this.statusBar(name).waitFor()
    await this.focusEditor()
  }

  /** The lines that can be seen, without ghost text. */
  async lines(): Promise<string> {
    const lines = await this.editor
      .locator('.view-line')
      .evaluateAll((found) =>
        found
          .sort((a, b) => parseInt((a as HTMLElement).style.top) - parseInt((b as HTMLElement).style.top))
          .map((line) =>
            [...line.querySelectorAll('span > span:not([class*="ghost-text"])')].map((s) => s.textContent).join(''),
          ),
      )
    return lines.join('\n').replaceAll('\u00a0', ' ')
  }

  // Suggestions

  get ghost(): Locator {
    return this.editor.locator(GHOST)
  }

  /** Wait for ghost text, and return it. */
  async ghostText(wanted: RegExp = /\S/): Promise<string> {
    await this.ghost.filter({ hasText: wanted, visible: true }).first().waitFor()
    const parts = await this.ghost.allTextContents()
    return parts.join('\n').replaceAll('\u00a0', ' ')
  }

  async noGhost(): Promise<void> {
    await this.ghost.first().waitFor({ state: 'hidden' })
  }

  /** The text that is drawn behind a `sorry`, once it matches. */
  async replacement(wanted: RegExp): Promise<string> {
    const drawn = await this.page.waitForFunction(
      ({ source }) => {
        for (const span of document.querySelectorAll('.monaco-editor .view-line span')) {
          const content = getComputedStyle(span, '::after').content
          if (content !== 'none' && new RegExp(source).test(content)) return content
        }
        return undefined
      },
      { source: wanted.source },
    )
    return ((await drawn.jsonValue()) ?? '').replaceAll('"', '').replaceAll('\u00a0', ' ').trim()
  }

  /** What hover says at the cursor, once it matches. */
  async hover(wanted: RegExp): Promise<string> {
    await this.command('Show or Focus Hover')
    return this.hovered(wanted)
  }

  /** Rest with the mouse over a piece of the text. */
  async point(text: string): Promise<void> {
    const piece = this.editor.locator('.view-line span > span', { hasText: text }).last()
    await piece.hover()
  }

  /** What the hover that is open says, once it matches. */
  async hovered(wanted: RegExp): Promise<string> {
    const shown = this.page.locator('.monaco-hover:not(.hidden)', { hasText: wanted }).first()
    await shown.waitFor()
    return (await shown.innerText()).replaceAll('\u00a0', ' ')
  }

  /** Ask for code actions where there are none. */
  async noActions(): Promise<void> {
    await this.askActions(
      this.page.locator('.monaco-editor-overlaymessage', { hasText: /^No (code actions|quick fixes)/i }),
    )
    await this.press('Escape')
  }

  /** Change the ghost text to the next choice until it is the wanted one. */
  async cycleTo(wanted: RegExp): Promise<void> {
    for (let shown = await this.ghostText(); !wanted.test(shown); ) {
      await this.press('Alt+]')
      const changed = await this.page.waitForFunction(
        ({ selector, before }) => {
          const parts = [...document.querySelectorAll(selector)].map((part) => part.textContent)
          const now = parts.join('\n').replaceAll('\u00a0', ' ')
          return now && now !== before ? now : undefined
        },
        { selector: GHOST, before: shown },
      )
      shown = (await changed.jsonValue()) ?? ''
    }
  }

  /** Open the menu of code actions, and return its titles once one matches. */
  async actions(wanted: RegExp): Promise<string[]> {
    await this.askActions(this.action(wanted).first())
    return (await this.page.locator('.action-widget .monaco-list-row.action').allInnerTexts()).map((title) =>
      title.trim(),
    )
  }

  /** The editor drops what is asked within 250 ms of a move of the cursor, as a request of its own follows then. */
  private async askActions(outcome: Locator): Promise<void> {
    await this.insist(async () => this.press('Control+.'), outcome)
  }

  action(title: RegExp): Locator {
    return this.page.locator('.action-widget .monaco-list-row.action', { hasText: title })
  }

  // The list beside the editor

  /** Lines of the list of suggestions, by what they say. */
  listed(text: RegExp): Locator {
    return this.page.locator('.pane-body .monaco-list-row', { hasText: text })
  }

  /** Have the keyboard in the editor again. */
  async focusEditor(): Promise<void> {
    await this.press('Control+1')
    await this.page.locator('.editor-group-container.active .monaco-editor.focused').waitFor()
  }

  // Proofs

  /** Wait for the comparison that shows a proof. */
  async comparison(title: RegExp): Promise<void> {
    await this.page.locator('.tab.active', { hasText: title }).waitFor()
    await this.page.locator('.editor.modified .view-line').first().waitFor()
  }

  notification(text: RegExp): Locator {
    return this.page.locator('.notification-list-item', { hasText: text })
  }

  /** Press a button of a notification. */
  async notice(text: RegExp, button: string): Promise<void> {
    await this.notification(text).locator('.monaco-button', { hasText: button }).click()
  }

  // Everything else

  /** Trust the folder, as the page for it offers. */
  async trust(): Promise<void> {
    await this.statusBar('Restricted Mode').click()
    const page = this.page.locator('.workspace-trust-editor')
    await page.locator('.monaco-button', { hasText: /^Trust$/ }).click()
    await page.locator('.workspace-trust-header', { hasText: 'You trust this folder' }).waitFor()
  }

  /** Run a command by its title in the palette. */
  async command(title: string): Promise<void> {
    await this.pick('F1', `>${title}`, new RegExp(escaped(title)))
  }

  /** Ghostproof's item in the status bar. */
  get status(): Locator {
    return this.page.locator('.statusbar-item[id*="ghostproof.status"]')
  }

  /** Wait until the status bar says it, in the words that a screen reader gets. */
  async says(words: RegExp): Promise<void> {
    await this.page.getByLabel(words).and(this.status).waitFor()
  }

  /** From now on, everything that the status bar says. */
  async recordStatus(): Promise<() => Promise<string[]>> {
    await this.page.evaluate(() => {
      const said: string[] = []
      Object.assign(window, { said })
      const look = (): void => {
        const text = document.querySelector('.statusbar-item[id*="ghostproof.status"]')?.textContent?.trim() ?? ''
        if (said.at(-1) !== text) said.push(text)
      }
      look()
      const bar = document.querySelector('.statusbar')
      if (bar) new MutationObserver(look).observe(bar, { childList: true, subtree: true, characterData: true })
    })
    return () => this.page.evaluate(() => (window as unknown as { said: string[] }).said)
  }

  statusBar(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item', { hasText: text })
  }

  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget:not([style*="display: none"]) .quick-input-box input')
  }

  get editor(): Locator {
    return this.page.locator('.editor-group-container.active .editor-instance .monaco-editor')
  }

  /** Choose from a quick pick. What has just come into the world, a file or a command, may be missing at first. */
  private async pick(key: string, text: string, row: RegExp): Promise<void> {
    const ask = async (): Promise<void> => {
      await this.press(key)
      // It closes again where something else takes the focus meanwhile.
      await this.quickInput.fill(text, { timeout: AGAIN_MS })
    }
    await this.insist(ask, this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: row }))
    await this.press('Enter')
    await this.quickInput.waitFor({ state: 'hidden' })
  }

  /** Do something, again where need be, until its outcome can be seen. */
  private async insist(attempt: () => Promise<void>, outcome: Locator): Promise<void> {
    const end = Date.now() + PATIENCE_MS
    for (;;) {
      try {
        await attempt()
        await outcome.waitFor({ timeout: AGAIN_MS })
        return
      } catch (problem) {
        if (!(problem instanceof errors.TimeoutError) || Date.now() > end) throw problem
        await this.press('Escape')
      }
    }
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
