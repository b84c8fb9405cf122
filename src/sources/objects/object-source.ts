import { resolveOptions } from "../../options/resolve-options.ts";
import type { PrefixAddress } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import { checkCredentials } from "../../s3/credentials.ts";
import { openConnection } from "../../s3/open-connection.ts";
import { STORAGE_SCHEMA } from "../../s3/options.ts";
import type { EntrySource, SourceReport } from "../entry-source.ts";
import type { OpeningSettings } from "../options.ts";
import type { UrlSource } from "../source.ts";
import { type Found, findObject } from "./find-object.ts";
import { type ListingSettings, listEntries } from "./list-entries.ts";
import { addressOf, nameOf, refuseNameless } from "./object-address.ts";
import { ObjectEntry } from "./object-entry.ts";
import { ownAddresses } from "./own-addresses.ts";
import { originOf, type SourceBucket } from "./source-bucket.ts";

/** Connections besides those of objects that are opened ahead: for the one whose turn it is, and the next page of the listing. */
const OTHER_CONNECTIONS = 2;

/**
 * The objects below a prefix of a bucket, or one object.
 *
 * @param alone - Whether it is the only source.
 * @throws {SourceError} `SOURCE_NOT_FOUND` if there is nothing, unless that is to be left out.
 * @throws {StorageError}
 * @throws {InvalidOptionError}
 * @throws {InvalidEntryNameError}
 */
export async function openObjectSource(
	source: UrlSource,
	alone: boolean,
	options: OpeningSettings,
): Promise<EntrySource> {
	const address = addressOf(source);
	const storage = resolveOptions(STORAGE_SCHEMA, source.storage ?? options.sourceStorage ?? {});
	const connection = await openConnection(
		storage,
		address.bucket,
		options.readAhead + OTHER_CONNECTIONS,
		options.onEvent,
	);
	try {
		await checkCredentials(connection.client, options.signal);
		return await openFound(source, address, connection, alone, options);
	} catch (error) {
		connection.close();
		throw error;
	}
}

async function openFound(
	source: UrlSource,
	address: PrefixAddress,
	connection: Connection,
	alone: boolean,
	options: OpeningSettings,
): Promise<EntrySource> {
	const bucket: SourceBucket = {
		...{ name: address.bucket, connection, times: options, onEvent: options.onEvent },
		isOfTarget: options.sharesStorage === true && source.storage === undefined,
	};
	const found = await findObject(bucket, address, options.signal);
	if (found.kind === "nothing" && !options.skipMissing) throw found.error;
	const name = nameOf(source, address, alone && found.kind === "prefix");
	if (found.kind === "object") refuseNameless(name, originOf({ bucket: bucket.name, key: found.object.key }));
	const omit = [...options.omit, ...(await ownAddresses(options.own, address.bucket, connection))];
	const listing = { ...options, omit, base: source.below };
	const closing = new AbortController();
	return {
		repeatable: true,
		rereadable: true,
		distinct: true,
		lookAhead: { count: options.readAhead, size: options.readAheadSize },
		remote: found.kind === "prefix",
		namePrefix: name,
		pinned: { kind: "objects", bucket: bucket.name },
		entries: (report) => entriesOf(found, heardBy(bucket, report), name, listing, report, closing.signal),
		async close() {
			closing.abort();
			connection.close();
		},
	};
}

/** The same bucket, whose requests are told to others. */
function heardBy(bucket: SourceBucket, { onEvent }: SourceReport): SourceBucket {
	return { ...bucket, onEvent, connection: { ...bucket.connection, onRequest: onEvent } };
}

async function* entriesOf(
	found: Found,
	bucket: SourceBucket,
	name: string,
	settings: ListingSettings,
	report: SourceReport,
	closing: AbortSignal,
): ReturnType<typeof listEntries> {
	switch (found.kind) {
		case "object":
			yield [new ObjectEntry(bucket, found.object, Buffer.from(name), "file")];
			return;
		case "prefix":
			yield* listEntries(bucket, found.prefix, name, settings, report, closing);
			return;
		case "nothing":
			report.onUnreadable(found.error.origin ?? "", found.error);
			return;
		default:
			found satisfies never;
	}
}
