import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { findExecutable, optional, ServerMissing, serverTest } from '../servers/server-process.ts';
import { hostilePage } from './hostile-page.ts';

/** As much of the browser's own types as the functions below use there: the program itself has no DOM. */
interface Element {
  tagName: string;
  className: string;
  id: string;
  textContent: string | null;
  outerHTML: string;
  open: boolean;
  parentElement: Element | null;
  children: Iterable<Element>;
  querySelector(selector: string): Element | null;
  querySelectorAll(selector: string): Iterable<Element>;
  closest(selector: string): Element | null;
  dispatchEvent(event: Event): boolean;
  click(): void;
}
declare const document: Element & {
  body: Element;
  activeElement: Element | null;
  scripts: { length: number };
  getElementById(id: string): Element | null;
  addEventListener(type: string, listener: (event: { violatedDirective: string }) => void): void;
};
declare function getComputedStyle(node: Element): { color: string; backgroundColor: string; display: string };

const folder = mkdtempSync(join(tmpdir(), 'assay-html-'));
const file = join(folder, 'report.html');
/** What pages asked for, what they ran and what their policy stopped. */
const seen = { requests: [] as string[], problems: [] as string[] };

const chromium = await optional(startChromium);
after(async () => {
  await chromium.server?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function startChromium(): Promise<Browser> {
  const executablePath = findExecutable(['chromium', 'chromium-browser', 'google-chrome']);
  if (executablePath === null) throw new ServerMissing('Chromium is not installed (Debian: apt-get install chromium)');
  return puppeteer.launch({ executablePath, args: ['--no-sandbox'] });
}

before(async () => writeFileSync(file, await hostilePage()));

/** The report in a fresh page, and whatever went wrong in it in `seen`. */
async function opened(browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  page.on('request', (request) => seen.requests.push(request.url()));
  page.on('dialog', (dialog) => {
    seen.problems.push(`dialog ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  page.on('pageerror', (error) => seen.problems.push(`error ${String(error)}`));
  page.on('console', (message) => seen.problems.push(`console ${message.text()}`));
  await page.exposeFunction('pwned', () => seen.problems.push('a name ran as a script'));
  await page.evaluateOnNewDocument(() =>
    document.addEventListener('securitypolicyviolation', (event) => console.log(`policy: ${event.violatedDirective}`)),
  );
  await page.goto(`file://${file}`);
  return page;
}

interface Rows {
  status: string;
  rows: string[][];
}
async function rowsOf(page: Page, id = 'findings-table'): Promise<Rows> {
  return page.evaluate((id) => {
    const root = document.getElementById(id);
    const rows = [...(root?.querySelectorAll('tbody tr') ?? [])];
    return {
      status: root?.querySelector('[role=status]')?.textContent ?? '',
      rows: rows.map((row) => [...row.children].map((cell) => cell.textContent ?? '')),
    };
  }, id);
}
async function find(page: Page, words: string): Promise<Rows> {
  await page.click('#findings-table .clear');
  const before = (await rowsOf(page)).status;
  await page.type('#findings-table input', words);
  await page.waitForFunction(
    (before) => document.querySelector('#findings-table [role=status]')?.textContent !== before,
    {},
    before,
  );
  return rowsOf(page);
}

serverTest(
  chromium,
  '10,000 findings with hostile names: nothing runs, nothing is asked for, the policy is never touched',
  async (browser) => {
    const page = await opened(browser);
    // Whatever waits for a click, the focus or the pointer.
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
      for (const node of document.querySelectorAll('body *')) {
        for (const type of ['mouseover', 'focus', 'toggle', 'load', 'error']) node.dispatchEvent(new Event(type));
      }
    });
    for (const label of ['Next', 'Last', 'Previous']) {
      await page.evaluate((label) => {
        for (const button of document.querySelectorAll('.pager button'))
          if (button.textContent === label) button.click();
      }, label);
    }
    await page.pdf({ format: 'A4' });
    const odd = await page.evaluate(() => {
      const allowed = new Set(
        'HTML HEAD META TITLE STYLE BODY HEADER P H1 H2 H3 H4 DIV B UL OL LI DL DT DD svg rect circle MAIN SECTION TABLE CAPTION THEAD TBODY TR TH TD SPAN ARTICLE BDI PRE CODE DETAILS SUMMARY SMALL BR LABEL INPUT SELECT OPTION BUTTON FOOTER SCRIPT'.split(
          ' ',
        ),
      );
      return [...document.querySelectorAll('*')]
        .filter((node) => !allowed.has(node.tagName))
        .map((node) => node.outerHTML.slice(0, 100));
    });
    assert.deepEqual(odd, []);
    assert.equal(await page.evaluate(() => document.scripts.length), 2);
    assert.deepEqual(seen, { requests: [`file://${file}`], problems: [] });
    await page.close();
  },
);

serverTest(chromium, 'what cannot be seen in a name is written out, on every page of the table', async (browser) => {
  const page = await opened(browser);
  const text = await page.evaluate(() => document.querySelector('main')?.textContent ?? '');
  for (const hidden of ['\u202e', '\u2066', '\u200b', '\ufeff', '\u001b', '\0', '\u2028']) {
    assert.equal(text.includes(hidden), false, hidden.codePointAt(0)?.toString(16));
  }
  assert.match(text, /\\u\{202e\}/);
  await page.close();
});

serverTest(
  chromium,
  'search finds a name, a fingerprint and several words, and says how many there are',
  async (browser) => {
    const page = await opened(browser);
    assert.equal((await rowsOf(page)).status, '1 to 50 of 10,001 findings');
    const person = await find(page, 'PEOPLE.csv e-mail');
    assert.deepEqual([person.status, person.rows.length], ['1 finding (of 10,001)', 1]);
    const one = await find(page, 'v1:9999');
    assert.equal(one.rows.length, 1);
    const markup = await find(page, '<svg onload=');
    assert.ok(markup.rows.length === 50 && markup.rows.every((row) => row.join().includes('<svg onload=')));
    assert.equal((await find(page, 'nowhere to be found')).status, 'nothing matches (of 10,001)');
    await page.click('#findings-table .clear');
    assert.equal((await rowsOf(page)).status, '1 to 50 of 10,001 findings');
    await page.close();
  },
);

serverTest(
  chromium,
  'filters narrow what is shown, alone and together, and tell how many each would show',
  async (browser) => {
    const page = await opened(browser);
    await page.select('#findings-table select[data-filter=severity]', 'critical');
    const critical = await rowsOf(page);
    assert.equal(critical.status, '1 to 50 of 2,500 findings (of 10,001)');
    assert.ok(critical.rows.every(([severity]) => severity === 'critical'));
    await page.select('#findings-table select[data-filter=status]', 'suppressed');
    const both = await rowsOf(page);
    assert.ok(both.rows.length > 10 && both.rows.every((row) => row[0] === 'critical' && row[5] === 'suppressed'));
    const offered = await page.$$eval('#findings-table select[data-filter=severity] option', (all) =>
      all.map((one) => one.textContent),
    );
    assert.deepEqual(offered, ['all', 'critical (2,500)', 'high (2,500)', 'medium (2,501)', 'low (2,500)']);
    const buckets = await page.$$eval('#findings-table select[data-filter=bucket] option', (all) =>
      all.map((one) => one.textContent),
    );
    assert.deepEqual(buckets, ['all', 's3://lake (10,001)']);
    await page.select('#objects-table select[data-filter=outcome]', 'failed:network');
    const failed = await rowsOf(page, 'objects-table');
    assert.ok(failed.rows.every((row) => row[3] === 'failed:network'));
    await page.close();
  },
);

serverTest(chromium, 'a column sorts up and down, by number where it holds numbers, and says so', async (browser) => {
  const page = await opened(browser);
  const click = async (index: number): Promise<[string | null, string[][]]> => {
    await page.click(`#findings-table th:nth-child(${index}) button`);
    const sorted = await page.$eval(`#findings-table th:nth-child(${index})`, (head) => head.getAttribute('aria-sort'));
    return [sorted, (await rowsOf(page)).rows];
  };
  const [down, most] = await click(4);
  assert.equal(down, 'descending');
  assert.deepEqual(
    most.slice(0, 2).map((row) => row[3]),
    ['10,000 times', '9,999 times'],
  );
  const [up, least] = await click(4);
  assert.equal(up, 'ascending');
  assert.deepEqual(
    least.slice(0, 2).map((row) => row[3]),
    ['once', '2 times'],
  );
  const [severity, worst] = await click(1);
  assert.equal(severity, 'ascending');
  assert.ok(worst.every((row) => row[0] === 'critical'));
  assert.equal(await page.$$eval('#findings-table th[aria-sort]', (heads) => heads.length), 1);
  await page.close();
});

serverTest(chromium, 'it is used by keyboard, and every control and table has a name', async (browser) => {
  const page = await opened(browser);
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement?.closest('section')?.id), 'findings-table');
  await page.focus('#findings-table th button');
  await page.keyboard.press('Enter');
  assert.equal(await page.$eval('#findings-table th', (head) => head.getAttribute('aria-sort')), 'ascending');
  const tree = await page.accessibility.snapshot({ interestingOnly: true });
  const nameless: string[] = [];
  const look = (node: { role: string; name?: string; children?: unknown[] }): void => {
    if (['button', 'combobox', 'searchbox', 'table', 'image', 'search'].includes(node.role) && !node.name)
      nameless.push(node.role);
    for (const child of node.children ?? []) look(child as typeof node);
  };
  look(tree as Parameters<typeof look>[0]);
  assert.deepEqual(nameless, []);
  await page.close();
});

serverTest(chromium, 'without scripts the summary and the first rows are there', async (browser) => {
  const page = await browser.newPage();
  await page.setJavaScriptEnabled(false);
  await page.goto(`file://${file}`);
  const html = await page.content();
  assert.match(html, /CRITICAL risk in s3:\/\/lake/);
  assert.equal(html.match(/<tr><td><span class="pill s-(critical|high)">/g)?.length ?? 0, 100 + 2);
  assert.match(html, /The first 100; with scripts/);
  await page.close();
});

serverTest(chromium, 'paper says how many of the findings it holds', async (browser) => {
  const page = await opened(browser);
  await page.evaluate("dispatchEvent(new Event('beforeprint'))");
  const printed = await rowsOf(page);
  assert.equal(printed.rows.length, 2000);
  assert.match(printed.status, /^The first 2,000 of 10,001 findings are printed/);
  await page.evaluate("dispatchEvent(new Event('afterprint'))");
  assert.equal((await rowsOf(page)).status, '1 to 50 of 10,001 findings');
  await page.close();
});

serverTest(chromium, 'text keeps its contrast in light, in dark and on paper', async (browser) => {
  const page = await opened(browser);
  for (const scheme of ['light', 'dark', 'print']) {
    await page.emulateMediaType(scheme === 'print' ? 'print' : 'screen');
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme === 'dark' ? 'dark' : 'light' }]);
    const poor = await page.evaluate(() => {
      const channels = (color: string): number[] => (color.match(/[\d.]+/g) ?? []).map(Number);
      const luminance = (color: string): number => {
        const [red = 0, green = 0, blue = 0] = channels(color).map((one) => {
          const share = one / 255;
          return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      };
      const backgroundOf = (node: Element | null): string => {
        if (node === null) return 'rgb(255, 255, 255)';
        const { backgroundColor } = getComputedStyle(node);
        return channels(backgroundColor)[3] === 0 ? backgroundOf(node.parentElement) : backgroundColor;
      };
      const found = new Set<string>();
      for (const node of document.querySelectorAll(
        'h1, h2, h3, h4, p, li, dt, dd, b, small, td, th, summary, .pill, code, caption, label, button:not(:disabled)',
      )) {
        const { color, display } = getComputedStyle(node);
        if (display === 'none' || node.closest('.empty, [hidden]')) continue;
        const [light = 0, dark = 0] = [luminance(color), luminance(backgroundOf(node))].sort((a, b) => b - a);
        const contrast = (light + 0.05) / (dark + 0.05);
        if (contrast < 4.5) found.add(`${node.tagName}.${node.className} ${color} ${contrast.toFixed(2)}`);
      }
      return [...found];
    });
    assert.deepEqual(poor, [], scheme);
  }
  await page.close();
});
