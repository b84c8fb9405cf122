import { symlink, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import ts from "typescript-5.5";
import { documentsOf, KINDS, kindOf } from "./kubernetes-documents.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * What the compiler says of the documents as literals: it knows every field that there is, and no other.
 *
 * @param directory - An empty one, to compile in.
 */
export async function typeErrors(text: string, directory: string): Promise<string[]> {
	await symlink(`${PROJECT}node_modules`, `${directory}/node_modules`).catch(() => {}); // it is there
	const lines = documentsOf(text).flatMap((document, index) => {
		const kind = kindOf(document);
		return [
			`import type { I${kind} as Kind${index} } from "kubernetes-models/${KINDS[kind].path}";`,
			`export const document${index}: Kind${index} = ${JSON.stringify(document)};`,
		];
	});
	const file = `${directory}/documents.ts`;
	await writeFile(file, lines.join("\n"));
	const program = ts.createProgram([file], {
		...{ noEmit: true, strict: true, skipLibCheck: true, types: [] },
		module: ts.ModuleKind.Node16,
		moduleResolution: ts.ModuleResolutionKind.Node16,
	});
	const found = ts.getPreEmitDiagnostics(program);
	return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}
