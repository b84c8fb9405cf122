import { createHash } from "node:crypto";
import type { KeyTemplate } from "../template/key-template.ts";

/** Two times that have no field in common: templates that give the same keys for both write the same keys. */
const PROBES = [new Date("2001-02-03T04:05:06Z"), new Date("2023-10-29T17:48:59Z")];

/**
 * A short name for a job: two runs are of one job if their archives lie among each other, that is, if they write the
 * same keys.
 *
 * The keys stand for what the text of the template does not say, the name of the job and the host, and for what it says
 * in other words: `%F` and `%Y-%m-%d`.
 */
export function jobIdentity(template: KeyTemplate, endpoint?: string | undefined): string {
	const facts = [endpoint ?? "", template.bucket, ...PROBES.map((time) => template.keyAt(time))];
	return createHash("sha256").update(JSON.stringify(facts)).digest("hex").slice(0, 32);
}
