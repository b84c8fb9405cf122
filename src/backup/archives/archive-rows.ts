import type { Connection } from "../../s3/connection.ts";
import type { RequestOptions } from "../../s3/objects/request-options.ts";
import type { KeepPolicy } from "../retention/keep-policy.ts";
import type { KeyTemplate } from "../template/key-template.ts";
import type { BackupArchive, Drill } from "./archive-facts.ts";
import { lastDrill, lockedUntil, provenAt, verifiedAt } from "./archive-state.ts";
import { countEntries } from "./count-entries.ts";
import { planPrune } from "./plan-prune.ts";

/** An archive with all that is known of it. */
export interface BackupRow {
	readonly archive: BackupArchive;
	/** `undefined` if its end cannot be read. */
	readonly entryCount: number | undefined;
	/** The rules that keep it; none if it goes next, `undefined` without a policy. */
	readonly keptBy: readonly string[] | undefined;
	readonly verifiedAt: Date | undefined;
	readonly lockedUntil: Date | undefined;
	readonly lastDrill: Drill | undefined;
	/** When a restore of it succeeded for the last time. */
	readonly provenAt: Date | undefined;
}

/**
 * Puts together what there is to know of archives. A few bytes of each are read.
 *
 * @param archives - Of the template.
 * @returns the newest first
 */
export async function archiveRows(
	connection: Connection,
	{ bucket, timeZone }: KeyTemplate,
	archives: readonly BackupArchive[],
	{ policy, now }: { readonly policy: KeepPolicy | undefined; readonly now: Date },
	options: RequestOptions = {},
): Promise<readonly BackupRow[]> {
	const counts = await countEntries(connection, bucket, archives, options);
	const { kept } = planPrune(archives, policy, { timeZone, now });
	const rules = new Map(kept.map((one) => [one.archive, one.rules]));
	return archives
		.map((archive, index) => ({
			archive,
			entryCount: counts[index],
			keptBy: policy === undefined ? undefined : (rules.get(archive) ?? []),
			verifiedAt: verifiedAt(archive),
			lockedUntil: lockedUntil(archive, now),
			lastDrill: lastDrill(archive),
			provenAt: provenAt(archive),
		}))
		.reverse();
}
