import { symlink, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Deployment } from "kubernetes-models/apps/v1";
import { CronJob, Job } from "kubernetes-models/batch/v1";
import { ConfigMap } from "kubernetes-models/v1";
import ts from "typescript-5.5";
import { parseAllDocuments } from "yaml";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

/** What Kubernetes has schemas for, as far as our examples have it. */
const KINDS = {
	ConfigMap: { validate: (document: unknown) => new ConfigMap(document as ConfigMap).validate(), path: "v1" },
	CronJob: {
		validate: (document: unknown) => new CronJob(document as CronJob).validate(),
		path: "batch/v1",
	},
	Deployment: {
		validate: (document: unknown) => new Deployment(document as Deployment).validate(),
		path: "apps/v1",
	},
	Job: { validate: (document: unknown) => new Job(document as Job).validate(), path: "batch/v1" },
} as const;

export function documentsOf(text: string): unknown[] {
	return parseAllDocuments(text).map((document): unknown => document.toJS({ mapAsMap: false }));
}

/** @throws if a document is not what the schema of its kind says. */
export function validateDocuments(text: string): void {
	for (const document of documentsOf(text)) KINDS[kindOf(document)].validate(document);
}

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

function kindOf(document: unknown): keyof typeof KINDS {
	const { kind } = document as { readonly kind: string };
	if (!(kind in KINDS)) throw new Error(`no schema is known here for the kind ${kind}`);
	return kind as keyof typeof KINDS;
}
