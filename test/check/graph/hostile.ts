/** Names that want to be code, in HTML, Mermaid or DOT. The browser has more of them, in `e2e/cases/hostile-names.ts`. */
export const HOSTILE = [
  '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '\' onload=\'alert(1)', '</script><!--', '</style>', '&lt;b&gt;', '`${alert(1)}`',
  '"]; click a call alert(1)', '%%{init: {"securityLevel": "loose"}}%%', 'style a:b#x;', '"; x [URL="javascript:alert(1)"]', '\\', '\\N', '\\"', 'end', '__proto__',
];
