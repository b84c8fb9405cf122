/** How the page looks: in the light, in the dark, on a phone, on paper. */
export const PAGE_STYLE: string = `
:root {
	--ground: #f6f7f8; --sheet: #ffffff; --ink: #1b1f24; --soft: #57606a; --rule: #d8dee4;
	--accent: #0b6a94; --on-accent: #ffffff; --wash: #0b6a941f;
	--good: #18703f; --warn: #8a5200; --bad: #b3261e;
}
@media (prefers-color-scheme: dark) {
	:root {
		--ground: #121518; --sheet: #1b1f23; --ink: #e6e9ec; --soft: #a2abb4; --rule: #343b42;
		--accent: #58b4dc; --on-accent: #0b1a22; --wash: #58b4dc26;
		--good: #62c990; --warn: #e4b45c; --bad: #ff8d83;
	}
}
* { box-sizing: border-box; }
body {
	max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 4rem;
	background: var(--ground); color: var(--ink);
	font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
	font-variant-numeric: tabular-nums;
}
h1 { margin: 0 0 .25rem; font-size: 1.6rem; line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 0 0 .5rem; font-size: 1.1rem; }
p { margin: 0 0 .75rem; color: var(--soft); }
code { font: .875em ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
header { margin-bottom: 1.25rem; }
header p { margin: 0; }
header code { color: var(--ink); }
section { margin: 0 0 1rem; }
section[aria-labelledby] { padding: 1rem; border: 1px solid var(--rule); border-radius: .5rem; background: var(--sheet); }
section[aria-labelledby] > :last-child { margin-bottom: 0; }
ul { margin: 0 0 .75rem; padding-left: 1.25rem; }
.cards, .facts { margin: 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem; }
.card { padding: .75rem 1rem; border: 1px solid var(--rule); border-radius: .5rem; background: var(--sheet); }
dt { color: var(--soft); font-size: .875rem; }
dd { margin: 0; color: var(--soft); font-size: .875rem; overflow-wrap: anywhere; }
.card .value { color: var(--ink); font-size: 1.15rem; font-weight: 600; line-height: 1.4; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: .5rem 1.5rem; }
.facts dd { color: var(--ink); font-size: 1rem; }
.card .good, .facts .good, .good { color: var(--good); }
.card .warn { color: var(--warn); }
.card .bad, .facts .bad, .bad { color: var(--bad); font-weight: 600; }
.chart { display: grid; grid-template-columns: auto 1fr; gap: .25rem .5rem; margin-top: .75rem; font-size: .75rem; color: var(--soft); }
.chart svg { width: 100%; height: 11rem; overflow: visible; }
.chart path { fill: none; vector-effect: non-scaling-stroke; }
.chart .grid { stroke: var(--rule); stroke-width: 1; }
.chart .line { stroke: var(--accent); stroke-width: 1.75; stroke-linejoin: round; }
.chart .area { fill: var(--wash); }
.chart .dot { stroke: var(--accent); stroke-width: 6; stroke-linecap: round; }
.chart .dot:hover { stroke-width: 10; }
.scale { position: relative; min-width: 4.25rem; }
.scale span { position: absolute; right: 0; transform: translateY(50%); white-space: nowrap; }
.times { grid-column: 2; display: flex; justify-content: space-between; gap: .5rem; margin-top: .25rem; }
.times span { white-space: nowrap; }
.months { display: grid; grid-template-columns: repeat(auto-fill, minmax(8.25rem, 1fr)); gap: 1rem 1.25rem; }
figure { margin: 0; }
figcaption { margin-bottom: .25rem; font-size: .8125rem; color: var(--soft); }
.months svg { display: block; width: 100%; max-width: 11rem; }
.months text { font: 7px system-ui, "DejaVu Sans", sans-serif; text-anchor: middle; fill: var(--soft); }
.months rect { fill: none; stroke: var(--rule); stroke-width: 1; }
.months .with rect { fill: var(--accent); stroke: var(--accent); }
.months .with text { fill: var(--on-accent); }
.legend { display: flex; align-items: center; gap: .375rem; margin: .75rem 0; font-size: .8125rem; }
.legend i { width: .85rem; height: .85rem; border: 1px solid var(--rule); border-radius: .2rem; }
.legend .with { background: var(--accent); border-color: var(--accent); }
.legend .without { margin-left: .75rem; }
summary { cursor: pointer; color: var(--accent); }
summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: .2rem; }
table { margin: .5rem 0 .75rem; border-collapse: collapse; font-size: .875rem; }
th, td { padding: .4rem 1.5rem .4rem 0; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
td { overflow-wrap: break-word; }
.long { display: inline-block; min-width: 4.75rem; overflow-wrap: anywhere; }
th.long { display: table-cell; }
th { font-weight: 400; }
thead th { color: var(--soft); white-space: nowrap; }
tbody tr:last-child > * { border-bottom: 0; }
.number { text-align: right; white-space: nowrap; }
.day { white-space: nowrap; }
.archives { width: 100%; }
.archives th, .archives td { padding-right: 1.25rem; }
.archives > * > tr > :last-child { padding-right: 0; }
.archives thead th:first-child { width: 36%; }
.archives code { display: block; font-size: .75rem; color: var(--soft); }
@media (max-width: 44rem) {
	.cards { grid-template-columns: 1fr 1fr; }
	.card { padding: .6rem .75rem; }
	.card:last-child:nth-child(odd) { grid-column: 1 / -1; }
	.card .value { font-size: 1rem; }
	th, td { padding-right: .75rem; }
	thead th, .number { white-space: normal; }
	.archives, .archives tbody, .archives tr, .archives th, .archives td { display: block; }
	.archives thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
	.archives tr { padding: .6rem 0; border-bottom: 1px solid var(--rule); }
	.archives tbody tr:last-child { border-bottom: 0; padding-bottom: 0; }
	.archives th, .archives td { padding: 0; border: 0; text-align: left; }
	.archives tbody th { font-weight: 600; }
	.archives code { font-weight: 400; }
	.archives td::before { content: attr(data-title); display: inline-block; min-width: 6.5rem; color: var(--soft); }
}
@media print {
	:root {
		--ground: #ffffff; --sheet: #ffffff; --ink: #000000; --soft: #444444; --rule: #bbbbbb;
		--accent: #0b6a94; --on-accent: #ffffff; --wash: #0b6a941f; --good: #18703f; --warn: #8a5200; --bad: #b3261e;
	}
	body { max-width: none; padding: 0; font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
	.card, figure, tr, .chart, .facts > div { break-inside: avoid; }
	h2, summary { break-after: avoid; }
	details::details-content { content-visibility: visible; block-size: auto; }
	summary { list-style: none; color: var(--soft); }
}
`;
