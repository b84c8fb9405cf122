import { createHash } from "node:crypto";

/** How pages look: in the light, in the dark, on a phone. */
export const PAGE_STYLE: string = `
:root {
	color-scheme: light dark;
	--ground: #f6f7f8; --sheet: #ffffff; --ink: #1b1f24; --soft: #57606a; --rule: #d8dee4;
	--accent: #0b6a94; --on-accent: #ffffff;
}
@media (prefers-color-scheme: dark) {
	:root {
		--ground: #121518; --sheet: #1b1f23; --ink: #e6e9ec; --soft: #a2abb4; --rule: #343b42;
		--accent: #58b4dc; --on-accent: #0b1a22;
	}
}
* { box-sizing: border-box; }
body {
	max-width: 62rem; margin: 0 auto; padding: 1rem 1rem 4rem;
	background: var(--ground); color: var(--ink);
	font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
	font-variant-numeric: tabular-nums;
}
a { color: var(--accent); text-underline-offset: .15em; }
a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: .2rem; }
h1 { margin: .5rem 0; font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere; }
p { margin: 0 0 1rem; }
nav ol { display: flex; flex-wrap: wrap; gap: .25rem; margin: 0; padding: 0; list-style: none; }
nav li { min-width: 0; overflow-wrap: anywhere; }
nav li + li::before { content: "/"; margin-right: .25rem; color: var(--soft); }
.zip {
	display: inline-block; padding: .6rem 1rem; border-radius: .5rem;
	background: var(--accent); color: var(--on-accent); font-weight: 600; text-decoration: none;
}
.zip:hover { text-decoration: underline; }
.soft { color: var(--soft); }
table { width: 100%; border-collapse: collapse; background: var(--sheet); border: 1px solid var(--rule); border-radius: .5rem; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { padding: .5rem .75rem; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: baseline; }
tbody tr:last-child > * { border-bottom: 0; }
thead th { color: var(--soft); font-weight: 400; font-size: .875rem; }
tbody th { font-weight: 400; overflow-wrap: anywhere; }
td { white-space: nowrap; font-size: .875rem; color: var(--soft); }
.size { text-align: right; }
@media (max-width: 44rem) {
	thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
	table, tbody, tr, tbody th, td { display: block; }
	tr { padding: .5rem .75rem; border-bottom: 1px solid var(--rule); }
	tbody tr:last-child { border-bottom: 0; }
	tbody th, td { padding: .125rem 0; border: 0; white-space: normal; }
	tbody th a { display: inline-block; padding: .25rem 0; }
	.size { text-align: left; }
	td:empty { display: none; }
}
`;

/** Lets pages have this style, and nothing else: no script, picture, form or frame, from wherever. */
export const PAGE_POLICY: string = [
	"default-src 'none'",
	`style-src 'sha256-${createHash("sha256").update(PAGE_STYLE).digest("base64")}'`,
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
].join("; ");
