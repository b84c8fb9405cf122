import { CASES } from "./cases/all.ts";
import { type Deviation, expectedDeviation } from "./expected.ts";
import { READERS } from "./readers/all.ts";
import type { VerdictFile } from "./verdict-file.ts";

/** `docs/compatibility.md`, from what the last runs found. */
export function renderTable({ dates, versions, verdicts }: VerdictFile): string {
	const readers = READERS.filter(({ name }) => versions[name] !== undefined);
	const missing = READERS.filter(({ name }) => versions[name] === undefined).map(({ name }) => name);
	const notes: Deviation[] = [];
	const noteOf = (deviation: Deviation): string => {
		if (!notes.includes(deviation)) notes.push(deviation);
		return `[${notes.indexOf(deviation) + 1}](#notes)`;
	};
	const cell = (reader: string, name: string): string => {
		const verdict = verdicts[name]?.[reader];
		if (verdict === "ok") return "ok";
		if (verdict === undefined || verdict === "not shown") return "–";
		const deviation = expectedDeviation(reader, versions[reader] ?? "", name);
		return verdict === "deviation" && deviation !== undefined ? noteOf(deviation) : "**FAIL**";
	};
	const rows = CASES.map(({ name }) => {
		const shown = verdicts[name] !== undefined;
		const cells = shown ? readers.map((reader) => cell(reader.name, name)) : readers.map(() => "not run");
		return `| ${name} | ${cells.join(" | ")} |`;
	});
	const days = Object.entries(dates).map(([grade, date]) => `${grade} ${date}`);
	return `# Compatibility

Every case is a source, our archive of it, and what each reader makes of that: read with all checksums, extracted by those that extract, and compared with the source: names to the byte, types, contents, modes, times, links, comments, as far as the reader is meant to restore them.

Written by \`npm run compatibility\`; the tests in \`test/conformance/\` hold every cell. Last runs: ${days.join(", ")}.

"ok": as the source has it. A number: a known limit of the reader, explained below. "–": not shown, it would take too long. "not run": only with \`npm run test:big\`.${missing.length === 0 ? "" : ` Not on the machine of the last run: ${missing.join(", ")}.`}

| reader | version |
|---|---|
${readers.map(({ name }) => `| ${name} | ${versions[name]?.replaceAll("|", "\\|").split("\n")[0]} |`).join("\n")}

| case | ${readers.map(({ name }) => name).join(" | ")} |
|---|${readers.map(() => "---").join("|")}|
${rows.join("\n")}

## Notes

${notes.map(({ reason, readers: names }, index) => `${index + 1}. ${names.join(", ")}: ${reason}`).join("\n")}
`;
}
