import type { ArchivePlan } from "../../archive/plan.ts";
import type { ComposedEvent } from "../../events/composing.ts";
import type { ZipferryEventListener } from "../../events.ts";
import type { Connection } from "../../s3/connection.ts";
import type { UploadSettings } from "../options.ts";
import type { OpenedBase } from "./open-base.ts";

/**
 * The base to copy from, if there is one and it can be used; a warning says if it cannot.
 *
 * @param etag - Of the only state of it that will do, without quotes; by default any.
 */
export async function useBase(
	settings: UploadSettings,
	connection: Connection,
	onEvent: ZipferryEventListener,
	etag?: string,
): Promise<OpenedBase | undefined> {
	const { base } = settings;
	if (base === undefined) return undefined;
	// Loaded here: few uploads have a base.
	const { openBase } = await import("./open-base.ts");
	const opened = await openBase(base, settings, connection, onEvent);
	const isOther = typeof opened !== "string" && etag !== undefined && opened.pin.etag !== etag;
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
	const { entryCount, size, sourceSize = 0, partCount } = base.composition.copied;
	return {
		type: "composed",
		base: baseLocation(base),
		copiedEntryCount: entryCount,
		copiedSize: size,
		copiedPartCount: partCount,
		madeSourceSize: Math.max(0, plan.sourceSize - sourceSize),
		madeSizeBound: plan.sizeBound === undefined ? undefined : plan.sizeBound - size,
	};
}
