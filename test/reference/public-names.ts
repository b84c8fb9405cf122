import { fileURLToPath } from "node:url";
import ts from "typescript-5.5";

/** Declarations of what can be imported, by the words that are written behind `from`. */
const ENTRIES = { zipferry: "index.d.ts", "zipferry/bullmq": "queue/bullmq.d.ts" } as const;

type Module = keyof typeof ENTRIES;

/** A name that the package exports, with what the comments say of it. */
export interface PublicName {
	readonly name: string;
	/** Where it is imported from. */
	readonly module: Module;
	readonly kind: "function" | "class" | "interface" | "type";
	/** Paragraphs. */
	readonly summary: string;
	/** How a function is called, or what a type stands for; of others, nothing. */
	readonly declaration?: string;
	/** What a function may throw: its class, and when. */
	readonly throws: readonly string[];
	/** A block of code. */
	readonly example?: string;
	/** What it has all fields of, besides its own. */
	readonly parents: readonly string[];
	readonly members: readonly PublicMember[];
}

/** A field, a method, or one of the texts that a type is. */
export interface PublicMember {
	/** With `?` if it may be missing. */
	readonly name: string;
	readonly type: string;
	readonly summary: string;
}

/** Every name that the package exports, from its declarations as they are built. */
export function publicNames(): PublicName[] {
	return (Object.keys(ENTRIES) as Module[]).flatMap(namesOf);
}

function namesOf(module: Module): PublicName[] {
	const entry = fileURLToPath(new URL(`../../dist/${ENTRIES[module]}`, import.meta.url));
	const program = ts.createProgram([entry], {
		module: ts.ModuleKind.NodeNext,
		target: ts.ScriptTarget.ES2022,
		strict: true,
		types: ["node"],
	});
	const checker = program.getTypeChecker();
	const file = program.getSourceFile(entry);
	const symbol = file && checker.getSymbolAtLocation(file);
	if (symbol === undefined) throw new Error(`${entry} is missing: npm run build makes it`);
	return checker
		.getExportsOfModule(symbol)
		.map((exported) => {
			const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0; // of another file
			return describe(isAlias ? checker.getAliasedSymbol(exported) : exported, module, checker);
		})
		.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function describe(symbol: ts.Symbol, module: Module, checker: ts.TypeChecker): PublicName {
	const { name, declarations: [declaration] = [] } = symbol;
	const tagged = (tag: string) =>
		symbol
			.getJsDocTags(checker)
			.filter((one) => one.name === tag)
			.map(({ text }) => inMarkdown(ts.displayPartsToString(text)).trim());
	const [example] = tagged("example");
	const described = {
		...{ name, module, parents: [], members: [], throws: throwsOf(declaration) },
		summary: paragraphs(ts.displayPartsToString(symbol.getDocumentationComment(checker))),
		...(example === undefined ? {} : { example }),
	};
	if (declaration === undefined) throw new Error(`nothing declares ${name}`);
	const text = declaration.getText().replace(/^export (?:declare )?/, "");
	if (ts.isFunctionDeclaration(declaration)) return { ...described, kind: "function", declaration: text };
	if (ts.isTypeAliasDeclaration(declaration)) {
		const members = textsOf(declaration.getText());
		// Texts that are explained make a table.
		const isTable = members.length > 0 && members.every(({ summary }) => summary !== "");
		return isTable
			? { ...described, kind: "type", members }
			: { ...described, kind: "type", declaration: text.replaceAll(/\/\*\*.*?\*\/\s*/gs, "") };
	}
	if (!ts.isClassDeclaration(declaration) && !ts.isInterfaceDeclaration(declaration))
		throw new Error(`${name} is declared in a way that is not described yet`);
	const extended = declaration.heritageClauses?.filter(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
	const parents = extended?.flatMap(({ types }) => types.map((type) => type.getText())) ?? [];
	const members = [...declaration.members].flatMap((member) => membersOf(member, checker));
	return { ...described, kind: ts.isClassDeclaration(declaration) ? "class" : "interface", parents, members };
}

function membersOf(member: ts.ClassElement | ts.TypeElement, checker: ts.TypeChecker): PublicMember[] {
	const symbol = member.name && checker.getSymbolAtLocation(member.name);
	if (symbol === undefined || member.name === undefined || ts.isPrivateIdentifier(member.name)) return [];
	const optional = (symbol.flags & ts.SymbolFlags.Optional) === 0 ? "" : "?";
	const type = checker.typeToString(checker.getTypeOfSymbol(symbol), member, ts.TypeFormatFlags.NoTruncation);
	const declared =
		ts.isPropertySignature(member) || ts.isPropertyDeclaration(member) ? member.type : undefined;
	const written = (declared?.getText() ?? type).replaceAll(/\s+/g, " ");
	const isMethod = ts.isMethodDeclaration(member) || ts.isMethodSignature(member);
	return [
		{
			name: `${member.name.getText()}${isMethod ? "()" : optional}`,
			type: optional === "" || isMethod ? written : written.replace(/ \| undefined$/, ""),
			summary: summaryOf(symbol, checker),
		},
	];
}

/** The texts of a union, each with the comment before it. */
function textsOf(declaration: string): PublicMember[] {
	const texts = [
		...declaration.matchAll(/(?:\/\*\*(?<comment>(?:(?!\*\/).)*)\*\/\s*)?[|=]\s*"(?<name>[\w-]+)"/gs),
	];
	return texts.map(({ groups }) => ({
		name: groups?.["name"] ?? "",
		type: "",
		summary: oneLine((groups?.["comment"] ?? "").replaceAll(/^\s*\*/gm, "")),
	}));
}

function summaryOf(symbol: ts.Symbol, checker: ts.TypeChecker): string {
	const text = ts.displayPartsToString(symbol.getDocumentationComment(checker));
	const tags = symbol.getJsDocTags(checker).filter(({ name }) => name === "defaultValue");
	const defaults = tags.map((tag) => ` Default: ${ts.displayPartsToString(tag.text).replace(/\.$/, "")}.`);
	return oneLine([text, ...defaults].join(""));
}

/** Read as written: the compiler takes a link behind `@throws` for a type. */
function throwsOf(declaration: ts.Declaration | undefined): string[] {
	const [comment = ""] = (declaration?.getFullText() ?? "").match(/\/\*\*(?:(?!\*\/).)*\*\//gs) ?? [];
	const tags = comment.matchAll(/@throws\s+(?<text>.*?)(?=\n\s*\*\s*@|\n\s*\*\s*\n|\*\/)/gs);
	return [...tags].map(({ groups }) => oneLine((groups?.["text"] ?? "").replaceAll(/\n\s*\*/g, " ")));
}

function inMarkdown(text: string): string {
	return text.replaceAll(/\{@link ([\w.]+) ?\}/g, "`$1`");
}

function oneLine(text: string): string {
	return inMarkdown(text).replaceAll(/\s+/g, " ").trim();
}

/** Each in a line; the items of a list as well. */
function paragraphs(text: string): string {
	const blocks = inMarkdown(text).split(/\n\s*\n|\n(?=- )/);
	const lines = blocks.map((block) => block.replaceAll(/\s+/g, " ").trim());
	return lines.reduce((page, line, index) => {
		const inList = line.startsWith("- ") && lines[index - 1]?.startsWith("- ");
		return index === 0 ? line : `${page}${inList ? "\n" : "\n\n"}${line}`;
	}, "");
}
