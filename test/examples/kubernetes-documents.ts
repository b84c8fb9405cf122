import { Deployment } from "kubernetes-models/apps/v1";
import { CronJob, Job } from "kubernetes-models/batch/v1";
import { ConfigMap } from "kubernetes-models/v1";
import { parseAllDocuments } from "yaml";

/** What Kubernetes has schemas for, as far as our examples have it. */
export const KINDS = {
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

export function kindOf(document: unknown): keyof typeof KINDS {
	const { kind } = document as { readonly kind: string };
	if (!(kind in KINDS)) throw new Error(`no schema is known here for the kind ${kind}`);
	return kind as keyof typeof KINDS;
}
