import { CASES } from "./cases/all.ts";
import { type Deviation, expectedDeviation } from "./expected.ts";
import type { Verdict } from "./judge.ts";
import { READERS } from "./readers/all.ts";
import type { VerdictFile } from "./verdict-file.ts";

/** `docs/compatibility.md`, from what the last runs found. */
export function renderTable({ versions, cases }: VerdictFile): string {
	const readers = READERS.filter(({ name }) => versions[name] !== undefined);
	const missing = READERS.filter(({ name }) => versions[name] === undefined).map(({ name }) => name);
	const notes: Deviation[] = [];
	const noteOf = (deviation: Deviation): string => {
		if (!notes.includes(deviation)) notes.push(deviation);
		return `[${notes.indexOf(deviation) + 1}](#notes)`;
	};
	const cell = (reader: string, name: string): string => {
		const verdict = cases[name]?.verdicts[reader];
		if (verdict === "ok") return "ok";
		if (verdict === undefined || verdict === "not shown") return "–";
		const deviation = expectedDeviation(reader, versions[reader] ?? "", name);
		return verdict === "deviation" && deviation !== undefined ? noteOf(deviation) : "**FAIL**";
	};
	const rows = CASES.map(({ name, grade }) => {
		const shown = cases[name] !== undefined;
		const cells = shown ? readers.map((reader) => cell(reader.name, name)) : readers.map(() => "not run");
		return `| ${name} | ${grade} ${cases[name]?.date ?? ""} | ${cells.join(" | ")} |`;
	});
	return `# Compatibility

Every case is a source, our archive of it, and what each reader makes of that: read with all checksums, extracted by those that extract, and compared with the source: names to the byte, types, contents, modes, times, links, comments, as far as the reader is meant to restore them.

Written by \`npm run compatibility\`; the tests in \`test/conformance/\` hold every cell. Cases marked "quick" are part of every test run, "small" of every run of all tests (\`npm run test:all\`), "ci" of every CI run as well, for all but the slowest readers; "big" ones take gigabytes and hours, are run on demand (\`npm run test:big\`), and their date is that of the last time.

"ok": as the source has it. A number: a known limit of the reader, explained below. "–": not shown, it would take too long.${missing.length === 0 ? "" : ` Not on the machine of the last run: ${missing.join(", ")}.`}

| reader | version |
|---|---|
${readers.map(({ name }) => `| ${name} | ${versionOf(versions, name)} |`).join("\n")}

| case | last run | ${readers.map(({ name }) => name).join(" | ")} |
|---|---|${readers.map(() => "---").join("|")}|
${rows.join("\n")}

## Notes

${notes.map(({ reason, readers: names }, index) => `${index + 1}. ${names.join(", ")}: ${reason}`).join("\n")}
`;
}

/** The table of the README: how many cases each reader was shown, and what came of them. */
export function renderSummary({ versions, cases }: VerdictFile): string {
	const rows = READERS.filter(({ name }) => versions[name] !== undefined).map(({ name }) => {
		const verdicts = CASES.map((one) => cases[one.name]?.verdicts[name]);
		const count = (wanted: Verdict) => verdicts.filter((verdict) => verdict === wanted).length;
		const failed = count("FAIL") === 0 ? "0" : `**${count("FAIL")}**`;
		return `| ${name} | ${versionOf(versions, name)} | ${count("ok")} | ${count("deviation")} | ${failed} |`;
	});
	return `| reader | version | as the source has it | limit of the reader | failed |
|---|---|---|---|---|
${rows.join("\n")}
`;
}

function versionOf(versions: VerdictFile["versions"], reader: string): string {
	return (versions[reader] ?? "").split("\n")[0]?.replaceAll("|", "\\|") ?? "";
}
