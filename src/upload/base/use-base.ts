import type { ArchivePlan } from "../../archive/plan.ts";
import type { ComposedEvent } from "../../events/composing.ts";
import type { ZipferryEventListener } from "../../events.ts";
import type { Connection } from "../../s3/connection.ts";
import type { UploadSettings } from "../options.ts";
import type { OpenedBase } from "./open-base.ts";

export interface UseBaseOptions {
	/** Whether copying is tried where nobody knows the storage, or supposed to work: see {@link openBase}. */
	readonly trial: "made" | "supposed";
	/** Of the only state of the base that will do, without quotes; by default any. */
	readonly baseEtag?: string | undefined;
}

/** The base to copy from, if there is one and it can be used; a warning says if it cannot. */
export async function useBase(
	settings: UploadSettings,
	connection: Connection,
	onEvent: ZipferryEventListener,
	{ trial, baseEtag }: UseBaseOptions,
): Promise<OpenedBase | undefined> {
	const { base } = settings;
	if (base === undefined) return undefined;
	// Loaded here: few uploads have a base.
	const { openBase } = await import("./open-base.ts");
	const opened = await openBase(base, settings, connection, onEvent, trial);
	const isOther = typeof opened !== "string" && baseEtag !== undefined && opened.pin.etag !== baseEtag;
	const reason = isOther ? "was replaced meanwhile" : opened;
	if (typeof reason !== "string") return reason;
	const message = `the base ${base} ${reason}; all of the archive is made and sent`;
	onEvent({ type: "warning", code: "BASE_NOT_USED", message });
	return undefined;
}

/** Address of a base. */
export function baseLocation({ pin: { bucket, key } }: OpenedBase): string {
	return `s3://${bucket}/${key}`;
}

/** The event of a plan with a base. */
export function composedEvent(base: OpenedBase, plan: ArchivePlan): ComposedEvent {
	const { entryCount, size, sourceSize = 0, partCount, joins, joinableSize = 0 } = base.composition.copied;
	return {
		type: "composed",
		base: baseLocation(base),
		copiedEntryCount: entryCount,
		copiedSize: size,
		copiedPartCount: partCount,
		joinedRunCount: joins?.count ?? 0,
		joinableSize,
		madeSourceSize: Math.max(0, plan.sourceSize - sourceSize),
		madeSizeBound: plan.sizeBound === undefined ? undefined : plan.sizeBound - size,
	};
}
