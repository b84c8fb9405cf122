import { EXIT_BY_CODE, exitCodeRows } from "../../src/cli/exit-codes.ts";
import { JSON_OUTPUTS } from "./json-outputs.ts";
import { type PublicMember, type PublicName, publicNames } from "./public-names.ts";

const INTRODUCTION = `# Reference of the API

Every name that the library exports, and the output of the command for programs. [library.md](library.md) explains how
they go together. Made from the sources by \`npm run api-report\`: change the comments there.

Numbers of things end in \`Count\`, numbers of bytes in \`Size\` or are \`size\`, milliseconds end in \`Ms\`. Fields of
results are there always, with \`undefined\` where there is nothing to tell; \`--json\` leaves those out. New fields,
events and codes may be added in any version.`;

/** Sections of the page, each with the names that belong to it and are in none before. */
const SECTIONS: readonly (readonly [string, (name: PublicName) => boolean])[] = [
	["Queues: zipferry/bullmq", ({ module }) => module === "zipferry/bullmq"],
	["Functions", ({ kind }) => kind === "function"],
	["Errors", ({ name }) => /Error$|^StorageFacts$|^InvalidOptionFacts$|^ErrorDetails$/.test(name)],
	["Classes", ({ kind }) => kind === "class"],
	["Sources", ({ name }) => /^(Source|PathSource|GeneratedEntry|(Ready)?Content|ContentChunk)$/.test(name)],
	["Options", ({ name }) => name.endsWith("Options")],
	["Results and plans", ({ name }) => /(Result|Plan|Upload|Prediction|Summary)$/.test(name)],
	["Events", ({ name }) => /Event$|^Warning$|Listener$/.test(name)],
	["Codes", ({ name }) => name.endsWith("Code")],
	["Other types", () => true],
];

/** What a reader looks for first comes first. */
const ORDER = [
	"Functions",
	"Classes",
	"Sources",
	"Options",
	"Results and plans",
	"Events",
	"Errors",
	"Codes",
	"Other types",
];

/** The page `docs/api.md`. */
export function renderReference(): string {
	const all = publicNames();
	let left = all;
	const sections = SECTIONS.map(([title, belongs]) => {
		const names = left.filter(belongs);
		left = left.filter((name) => !names.includes(name));
		return { title, names };
	}).sort((a, b) => rankOf(a.title) - rankOf(b.title));
	const links = linksTo(all.map(({ name }) => name));
	const contents = sections.map(
		({ title, names }) => `- **${title}**: ${names.map(({ name }) => links(name)).join(", ")}`,
	);
	const outputs =
		"- [Output of the command](#output-of-the-command) with `--json`, [exit codes](#exit-codes)";
	const pages = sections.map(({ title, names }) =>
		[`## ${title}`, ...names.map((name) => renderName(name, links))].join("\n\n"),
	);
	return [INTRODUCTION, [...contents, outputs].join("\n"), ...pages, renderOutputs(), renderExitCodes()]
		.join("\n\n")
		.concat("\n");
}

function rankOf(title: string): number {
	const rank = ORDER.indexOf(title);
	return rank === -1 ? ORDER.length : rank;
}

/** Makes a link of a name that has an entry on the page, and code of all else. */
type Links = (text: string) => string;

function linksTo(names: readonly string[]): Links {
	return (text) => {
		const name = text.replace(/^readonly (\w+)\[\]$/, "$1");
		return names.includes(name) ? `[\`${text}\`](#${name.toLowerCase()})` : `\`${text}\``;
	};
}

function renderOutputs(): string {
	const outputs = JSON_OUTPUTS.map(({ command, type, fields }) => {
		const all = type === undefined ? "" : `Everything of [\`${type}\`](#${type.toLowerCase()}).\n\n`;
		const rows = Object.entries(fields).flatMap(([name, told]) =>
			typeof told === "string"
				? [[`\`${name}\``, told]]
				: Object.entries(told).map(([inner, meaning]) => [`\`${name}.${inner}\``, meaning]),
		);
		const own = rows.length === 0 ? "" : table(["field", "meaning"], rows);
		return `### \`${command}\`\n\n${all}${own}`.trim();
	});
	return ["## Output of the command\n\nOne line of JSON on stdout.", ...outputs].join("\n\n");
}

function renderExitCodes(): string {
	return `## Exit codes\n\n${table(["code", "meaning"], exitCodeRows())}`;
}

function renderName(described: PublicName, links: Links): string {
	const { name, summary, parents, members, declaration, throws, example } = described;
	const inherited = parents.filter((parent) => parent !== "Error").map(links);
	const parts = [
		`### ${name}`,
		declaration === undefined ? "" : `\`\`\`ts\n${declaration}\n\`\`\``,
		summary,
		inherited.length === 0 ? "" : `Has all of ${inherited.join(", ")}.`,
		throws.length === 0
			? ""
			: `Throws:\n\n${throws.map((error) => `- ${withLink(error, links)}`).join("\n")}`,
		example ?? "",
		renderMembers(name, members, links),
	];
	return parts.filter((part) => part !== "").join("\n\n");
}

/** The class at the beginning of what may be thrown. */
function withLink(text: string, links: Links): string {
	return text.replace(/^`(\w+)`/, (_, name: string) => links(name));
}

function renderMembers(owner: string, members: readonly PublicMember[], links: Links): string {
	if (members.length === 0) return "";
	if (owner === "ErrorCode")
		return table(
			["code", "exit code", "meaning"],
			members.map(({ name, summary }) => [
				`\`${name}\``,
				String(EXIT_BY_CODE[name as keyof typeof EXIT_BY_CODE]),
				summary,
			]),
		);
	if (members.every(({ type }) => type === ""))
		return table(
			["value", "meaning"],
			members.map(({ name, summary }) => [`\`${name}\``, summary]),
		);
	return table(
		["name", "type", "meaning"],
		members.map(({ name, type, summary }) => [`\`${name}\``, links(type), summary]),
	);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
	const line = (cells: readonly string[]) =>
		`| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
	return [line(head), `|${head.map(() => "---|").join("")}`, ...rows.map(line)].join("\n");
}
