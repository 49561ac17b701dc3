// SPDX-License-Identifier: Apache-2.0
import { Html } from './html';

/** The one style sheet, in every page's head. */
export const STYLES = new Html(`
:root { --bg: #fff; --fg: #1f2328; --muted: #59636e; --line: #d1d9e0; --soft: #f6f8fa; --link: #0969da;
  --add: #dafbe1; --del: #ffebe9; --open: #1a7f37; --closed: #8250df; --failed: #d1242f; }
@media (prefers-color-scheme: dark) {
  :root { --bg: #0d1117; --fg: #f0f6fc; --muted: #9198a1; --line: #3d444d; --soft: #151b23; --link: #4493f8;
    --add: #12261e; --del: #301b1f; --open: #3fb950; --closed: #ab7df8; --failed: #f85149; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--fg); font: 14px/1.5 system-ui, sans-serif; }
a { color: var(--link); text-decoration: none; } a:hover { text-decoration: underline; }
.top { padding: 12px 24px; background: var(--soft); border-bottom: 1px solid var(--line); display: flex; gap: 12px; }
.top a { color: var(--fg); font-weight: 600; } .top span, .muted { color: var(--muted); }
main { max-width: 1080px; margin: 0 auto; padding: 24px 16px 64px; }
h1 { font-size: 22px; font-weight: 600; margin: 16px 0; overflow-wrap: anywhere; }
.crumbs { font-size: 18px; margin-bottom: 12px; }
.tabs { display: flex; flex-wrap: wrap; gap: 4px; border-bottom: 1px solid var(--line); margin-bottom: 20px; }
.tabs a { padding: 8px 12px; color: var(--fg); border-bottom: 2px solid transparent; }
.tabs a[aria-current] { border-color: #fd8c73; font-weight: 600; }
.pill { display: inline-block; border: 1px solid var(--line); border-radius: 2em; padding: 0 8px; font-size: 12px;
  color: var(--muted); white-space: nowrap; }
.pill.open, .pill.success { color: var(--open); border-color: currentColor; }
.pill.closed, .pill.merged { color: var(--closed); border-color: currentColor; }
.pill.failure, .pill.error { color: var(--failed); border-color: currentColor; }
.box { border: 1px solid var(--line); border-radius: 6px; margin: 16px 0; overflow: hidden; }
.box > .head { background: var(--soft); border-bottom: 1px solid var(--line); padding: 10px 16px; display: flex;
  justify-content: space-between; gap: 12px; flex-wrap: wrap; overflow-wrap: anywhere; }
.box > .body { padding: 16px; overflow-wrap: anywhere; }
.row { display: flex; gap: 12px; padding: 8px 16px; border-top: 1px solid var(--line); align-items: baseline; }
.box > .row:first-child { border-top: 0; }
.row .grow { flex: 1; min-width: 0; overflow-wrap: anywhere; }
code, pre, .mono { font: 12px/1.55 ui-monospace, SFMono-Regular, Menlo, monospace; }
pre { margin: 0; overflow-x: auto; } .body > pre { white-space: pre-wrap; }
table.code { border-collapse: collapse; width: 100%; font: 12px/1.55 ui-monospace, SFMono-Regular, Menlo, monospace; } .scroll { overflow-x: auto; }
table.code td { padding: 0 12px; white-space: pre; vertical-align: top; }
table.code td.num { color: var(--muted); text-align: right; user-select: none; width: 1%; }
table.code td.num a { color: inherit; }
tr.add { background: var(--add); } tr.del { background: var(--del); } tr.hunk { background: var(--soft);
  color: var(--muted); } tr:target { background: #fff8c5; color: #1f2328; }
.markdown pre, .markdown code { background: var(--soft); border-radius: 6px; }
.markdown pre { padding: 12px; } .markdown code { padding: 2px 4px; } .markdown pre code { padding: 0; }
.markdown table { border-collapse: collapse; } .markdown td, .markdown th { border: 1px solid var(--line);
  padding: 4px 10px; } .markdown img { max-width: 100%; }
.icon { width: 16px; height: 16px; flex: none; align-self: center; fill: var(--muted); } .icon.folder { fill: var(--link); }
.clone { display: flex; gap: 8px; align-items: center; } .clone code { background: var(--soft); padding: 4px 8px;
  border: 1px solid var(--line); border-radius: 6px; overflow-wrap: anywhere; }
.pager { display: flex; gap: 16px; justify-content: center; margin-top: 16px; }
`);
