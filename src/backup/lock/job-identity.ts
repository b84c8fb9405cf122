import { createHash } from "node:crypto";
import type { KeyTemplate } from "../template/key-template.ts";

/**
 * A short name for a job: two runs are of one job if their archives lie among each other, that is, if they have the
 * same template and write the same keys.
 *
 * The keys stand for what the text of the template does not say: the name of the job, and the host.
 */
export function jobIdentity(template: KeyTemplate, endpoint?: string | undefined): string {
	const facts = [endpoint ?? "", template.bucket, template.text, template.keyAt(new Date(0))];
	return createHash("sha256").update(JSON.stringify(facts)).digest("hex").slice(0, 32);
}
