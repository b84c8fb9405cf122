import * as v from "valibot";
import { onAbort } from "../async/abort-listeners.ts";
import { anySignal } from "../async/any-signal.ts";
import { type OptionSchema, optional, schemaOf } from "../options/field.ts";
import { callback, isObject } from "../options/kinds.ts";
import { resolveOptions } from "../options/resolve-options.ts";
import type { Source } from "../sources/source.ts";
import { answerDownload } from "./answer.ts";
import type { DownloadBody } from "./body.ts";
import { checkDownload, DOWNLOAD_FIELDS, type DownloadDefaults, type DownloadOptions } from "./options.ts";

/** How {@link zipResponse} answers. */
export interface ZipResponseOptions extends DownloadOptions {
	/**
	 * The request that is answered: its method, conditions and range, and the signal that tells that the client is gone.
	 *
	 * @defaultValue one of which nothing is known: it gets the whole
	 */
	readonly request?: Pick<Request, "method" | "headers" | "signal"> | undefined;
	/** Gets the error that cuts the download off after its head was sent. The client sees a failure; nobody else would. */
	readonly onError?: ((error: unknown) => void) | undefined;
}

const SCHEMA: OptionSchema<ZipResponseOptions, DownloadDefaults> = schemaOf<
	ZipResponseOptions,
	DownloadDefaults
>()(
	{
		...DOWNLOAD_FIELDS,
		request: optional(
			v.custom<NonNullable<ZipResponseOptions["request"]>>(
				(value) => isObject(value) && value["headers"] instanceof Headers,
				"a Request of Fetch",
			),
		),
		onError: optional(callback<(error: unknown) => void>()),
	},
	checkDownload,
);

/**
 * Answers a request with an archive of the sources, as a `Response` of Fetch: for Hono, Next and all that takes one.
 *
 * - An archive whose bytes are determined (method `"wrap"`, the default; files, objects and contents of known size) has
 *   `Content-Length`, a strong `ETag` and `Last-Modified`. `Range`, `If-Range`, `If-None-Match` and the other conditions of RFC 9110 are
 *   answered: 206, 304, 412, 416. Several ranges in one request get the whole. There are no ranges while a source is younger than two seconds.
 * - Any other archive is sent as a whole, with `Content-Length` if its size is known.
 * - `HEAD` gets the same head, and no source is opened.
 * - Sources are opened when the body is read, read no faster than it is, and closed as soon as the client is gone. A body that you do not pass on has to be
 *   cancelled.
 * - An error midway makes the body fail: the client sees a failed download, and never a short archive.
 *
 * @throws {@link InvalidOptionError} for options out of range.
 * @throws {@link SourceError} for a source that is missing, unreadable or empty. Nothing has been answered then.
 * @throws {@link DuplicateEntryError} if two sources give the same name.
 *
 * @example
 * ```ts
 * app.get("/album.zip", ({ req }) => zipResponse("./album", { filename: "Album.zip", request: req.raw }));
 * ```
 */
export async function zipResponse(
	sources: Source | readonly Source[],
	options: ZipResponseOptions,
): Promise<Response> {
	const { request, onError = () => {}, ...settings } = resolveOptions(SCHEMA, options);
	const { signal, release } = anySignal(settings.signal, request?.signal);
	let stream: ReadableStream<Uint8Array> | undefined;
	try {
		const { status, headers, body } = await answerDownload(
			sources,
			{ ...settings, signal },
			{ method: request?.method, header: (name) => request?.headers.get(name) ?? undefined },
		);
		if (typeof body === "object") stream = streamOf(body, signal, release, onError);
		return new Response(stream ?? (body as string | undefined) ?? null, { status, headers });
	} finally {
		if (stream === undefined) release();
	}
}

/**
 * Nothing is asked of the body before somebody reads the stream.
 *
 * @param signal - Ends the stream at once, also if nobody reads it at the moment.
 * @param release - Called when it has ended.
 */
function streamOf(
	body: DownloadBody,
	signal: AbortSignal,
	release: () => void,
	onError: (error: unknown) => void,
): ReadableStream<Uint8Array> {
	return new ReadableStream<Uint8Array>(
		{
			start(controller) {
				onAbort(signal, (reason) => controller.error(reason));
			},
			async pull(controller) {
				try {
					const step = await body.next();
					if (step.done !== true) return controller.enqueue(step.value);
				} catch (error) {
					release();
					if (!signal.aborted) onError(error);
					throw error;
				}
				release();
				controller.close();
			},
			async cancel(reason) {
				release();
				await body.cancel(reason);
			},
		},
		{ highWaterMark: 0 },
	);
}
