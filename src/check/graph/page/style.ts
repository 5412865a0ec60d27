/** The style of the page. Colours follow the reader's setting for light or dark; nothing is loaded. */
export const STYLE = String.raw`
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #fff; --text: #1c2128; --soft: #57606a; --line: #d0d7de; --edge: #8c959f; --focus: #0969da; --on: #0969da; --on-card: #ddf4ff;
  --error: #b42318; --error-card: #fff0ee; --warning: #8a5a00; --warning-card: #fff7e0;
  --account: #1a7f64; --subject: #8250df; --principal: #6e5494; --role: #0a5cad; --policy: #6b5900;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --card: #161b22; --text: #e6edf3; --soft: #9aa4af; --line: #30363d; --edge: #6e7681; --focus: #58a6ff; --on: #58a6ff; --on-card: #10263f;
    --error: #ff8078; --error-card: #3a1715; --warning: #e3b341; --warning-card: #33270a;
    --account: #4ac9a4; --subject: #c297ff; --principal: #b9a3e3; --role: #6cb6ff; --policy: #d6c15c;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--page); color: var(--text); font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
header { position: sticky; top: 0; z-index: 3; padding: 12px 20px; background: var(--card); border-bottom: 1px solid var(--line); }
.title { display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: baseline; }
h1 { margin: 0; font-size: 18px; }
h2 { margin: 0 0 8px; font-size: 15px; overflow-wrap: anywhere; }
h3 { margin: 16px 0 6px; font-size: 12px; letter-spacing: .03em; color: var(--soft); }
.title p { margin: 0; color: var(--soft); }
form { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; margin-top: 10px; }
form label { display: flex; gap: 6px; align-items: center; color: var(--soft); }
input[type=search], select { padding: 6px 8px; border: 1px solid var(--line); border-radius: 6px; background: var(--page); color: var(--text); font: inherit; max-width: 260px; }
input[type=search] { width: 240px; }
button { font: inherit; color: inherit; cursor: pointer; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
form button, aside .plain { padding: 5px 10px; border: 1px solid var(--line); border-radius: 6px; background: var(--page); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 10px 0 0; padding: 0; list-style: none; color: var(--soft); font-size: 12px; }
.legend svg { width: 34px; height: 8px; margin-right: 6px; vertical-align: middle; }
.layout { display: grid; grid-template-columns: minmax(0, 1fr) 320px; align-items: start; }
main { padding: 16px 20px 48px; overflow-x: auto; }
.heads, .part { display: grid; grid-template-columns: repeat(var(--columns), minmax(170px, 1fr)); column-gap: 56px; min-width: calc(var(--columns) * 226px - 56px); }
.heads { color: var(--soft); font-weight: 600; font-size: 12px; padding: 0 0 8px; }
.part { position: relative; padding: 10px 0; border-top: 1px solid var(--line); content-visibility: auto; contain-intrinsic-size: auto 64px; }
.part > svg { position: absolute; inset: 0; width: 100%; height: 100%; overflow: visible; pointer-events: none; }
.column { margin: 0; padding: 0; list-style: none; align-self: center; display: grid; gap: 8px; min-width: 0; }
.tall > .column { align-self: start; }
.node { position: relative; z-index: 1; display: block; width: 100%; padding: 6px 10px 7px 12px; text-align: left; background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--kind); border-radius: 7px; }
.node:hover { border-color: var(--kind); }
.node .name { display: block; font-weight: 600; overflow-wrap: anywhere; }
.node .sub { display: block; color: var(--soft); font-size: 12px; overflow-wrap: anywhere; }
.node .mark { display: inline-block; margin: 3px 6px 0 0; padding: 0 6px; border-radius: 9px; font-size: 12px; font-weight: 600; }
.mark.error, li.error { color: var(--error); background: var(--error-card); }
.mark.warning, li.warning { color: var(--warning); background: var(--warning-card); }
.mark.missing { color: var(--soft); border: 1px dashed var(--edge); }
.service-account { --kind: var(--account); } .subject { --kind: var(--subject); } .principal { --kind: var(--principal); } .role { --kind: var(--role); } .policy { --kind: var(--policy); }
.node.is-missing { border-style: dashed; border-left-style: solid; }
.node.is-error { border-color: var(--error); border-left-color: var(--kind); }
.node.on { background: var(--on-card); border-color: var(--on); border-left-color: var(--kind); }
.node[aria-pressed=true] { box-shadow: 0 0 0 2px var(--on); }
.edge { fill: none; stroke: var(--edge); stroke-width: 1.6; }
.edge.assume { stroke-width: 2.6; }
.edge.trust, .edge.match, .edge.unknown { stroke-dasharray: 5 4; }
.edge.policy { stroke-width: 1.1; }
.edge.denied { stroke: var(--error); stroke-dasharray: 2 4; }
.picked .node:not(.on) { opacity: .38; }
.picked .edge { opacity: .15; }
.picked .edge.on { opacity: 1; stroke: var(--on); stroke-width: 2.8; }
.picked .edge.on.denied { stroke: var(--error); }
aside { position: sticky; top: var(--top, 0px); max-height: calc(100vh - var(--top, 0px)); overflow-y: auto; padding: 16px 20px; border-left: 1px solid var(--line); background: var(--card); min-height: calc(100vh - var(--top, 0px)); }
aside dl { margin: 8px 0; display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 3px 10px; }
aside dt { color: var(--soft); } aside dd { margin: 0; overflow-wrap: anywhere; }
aside ul { margin: 0; padding: 0; list-style: none; }
aside .findings li, .others li { padding: 6px 10px; margin: 0 0 6px; border-radius: 6px; overflow-wrap: anywhere; }
aside .ways button { width: 100%; text-align: left; padding: 4px 8px; border: 0; border-left: 3px solid var(--kind); border-radius: 4px; background: none; overflow-wrap: anywhere; }
aside .ways button:hover { background: var(--page); }
aside .ways p { margin: 0 0 6px 11px; color: var(--soft); font-size: 12px; overflow-wrap: anywhere; }
#said { color: var(--soft); font-size: 12px; }
.keys { color: var(--soft); } kbd { padding: 0 5px; border: 1px solid var(--line); border-radius: 4px; font: 12px ui-monospace, "DejaVu Sans Mono", monospace; }
.others ul { padding: 0; list-style: none; max-width: 900px; }
@media (max-width: 900px) { .layout { grid-template-columns: minmax(0, 1fr); } aside { position: static; max-height: none; min-height: 0; border-left: 0; border-top: 1px solid var(--line); } header { position: static; } }
@media (forced-colors: active) { .node[aria-pressed=true] { outline: 3px solid Highlight; } }
`;
