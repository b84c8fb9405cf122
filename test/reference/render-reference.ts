import { EXIT_BY_CODE, exitCodeRows } from "../../src/cli/exit-codes.ts";
import { JSON_OUTPUTS } from "./json-outputs.ts";
import { type PublicMember, type PublicName, publicNames } from "./public-names.ts";

const INTRODUCTION = `# Reference of the API

Made from the sources by \`npm run api-report\`: change the comments there. [api-report.api.md](api-report.api.md) has
the signatures.

Numbers of things end in \`Count\`, numbers of bytes in \`Size\` or are \`size\`, milliseconds end in \`Ms\`. Fields of
results are there always, with \`undefined\` where there is nothing to tell; \`--json\` leaves those out. New fields,
events and codes may be added in any version.`;

/** Sections of the page, each with the names that belong to it and are in none before. */
const SECTIONS: readonly (readonly [string, (name: PublicName) => boolean])[] = [
	["Functions", ({ kind }) => kind === "function"],
	["Errors", ({ name }) => /Error$|^StorageFacts$|^InvalidOptionFacts$|^ErrorDetails$/.test(name)],
	["Classes", ({ kind }) => kind === "class"],
	["Options", ({ name }) => name.endsWith("Options")],
	["Results and plans", ({ name }) => /(Result|Plan|Upload|Prediction|Summary)$/.test(name)],
	["Events", ({ name }) => /Event$|^Warning$|Listener$/.test(name)],
	["Codes", ({ name }) => name.endsWith("Code")],
	["Other types", () => true],
];

/** The page `docs/api.md`. */
export function renderReference(): string {
	let left = publicNames();
	const sections = SECTIONS.map(([title, belongs]) => {
		const names = left.filter(belongs);
		left = left.filter((name) => !names.includes(name));
		return [`## ${title}`, ...names.map(renderName)].join("\n\n");
	});
	return [INTRODUCTION, renderOutputs(), renderExitCodes(), ...sections].join("\n\n").concat("\n");
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

function renderName({ name, summary, parents, members }: PublicName): string {
	const inherited = parents.filter((parent) => parent !== "Error").map((parent) => `\`${parent}\``);
	const all = inherited.length === 0 ? "" : ` Has all of ${inherited.join(", ")}.`;
	return [`### ${name}`, `${summary}${all}`, renderMembers(name, members)].join("\n\n").trim();
}

function renderMembers(owner: string, members: readonly PublicMember[]): string {
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
		members.map(({ name, type, summary }) => [`\`${name}\``, `\`${type}\``, summary]),
	);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
	const line = (cells: readonly string[]) =>
		`| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
	return [line(head), `|${head.map(() => "---|").join("")}`, ...rows.map(line)].join("\n");
}
