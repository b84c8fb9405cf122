import { Attempt } from "../../../s3/attempt.ts";
import { readSdkError, UnexpectedAnswerError } from "../../../s3/errors/sdk-error.ts";
import {
	type AnsweredRange,
	checkContentRange,
	rangeHeader,
	type WantedRange,
} from "../../../s3/objects/content-range.ts";
import { continuedBody } from "../../../s3/objects/continued-body.ts";
import { firstContact, withRetries } from "../../../s3/retry.ts";
import { ArchiveError } from "../../archive-error.ts";
import { type OpenArchiveSettings, retryTimeOf } from "../../options.ts";
import type { RangedSource } from "../ranged-source.ts";
import type { HttpAnswer, HttpClient } from "./http-client.ts";
import { HttpStatusError, statusOf, toHttpError } from "./http-errors.ts";
import { shownUrl } from "./shown-url.ts";

/** What the state of a resource is known by, as its server sends it. */
export interface Validators {
	readonly etag: string | undefined;
	readonly lastModified: string | undefined;
}

/** A resource on a server, and how it is asked for. */
export class HttpResource {
	readonly url: URL;
	readonly #client: HttpClient;
	readonly #settings: OpenArchiveSettings;
	/** Where it was found; redirects are often good for some minutes only. */
	#current: URL;
	#wasReached = false;

	constructor(url: URL, client: HttpClient, settings: OpenArchiveSettings) {
		this.url = url;
		this.#current = url;
		this.#client = client;
		this.#settings = settings;
	}

	/**
	 * Asks for a range, or for the head. Temporary failures are retried.
	 *
	 * @param accept - Looks at a response with the status 200, 206 or 416; what it throws that may pass is retried.
	 * @throws {StorageError} if the server refuses, or cannot be reached.
	 */
	async ask<Accepted>(
		method: "GET" | "HEAD",
		headers: Readonly<Record<string, string>>,
		signal: AbortSignal | undefined,
		accept: (answer: HttpAnswer) => Accepted,
	): Promise<Accepted> {
		const { onEvent } = this.#settings;
		const first = this.#wasReached ? undefined : firstContact(this.#settings.retryTimeMs);
		let attempt = new Attempt({}, method, 0);
		const tryOnce = async () => {
			attempt = attempt.next();
			try {
				return await this.#once(method, headers, signal, accept, attempt);
			} catch (error) {
				attempt.failure = readSdkError(error).code;
				throw error;
			} finally {
				onEvent?.(attempt.end());
			}
		};
		try {
			return await withRetries(tryOnce, {
				budgetMs: first?.retryTimeMs ?? retryTimeOf(this.#settings),
				nameRepetitions: first?.nameRepetitions,
				stop: signal,
				onRetry: ({ code }, waitMs) => onEvent?.({ type: "retry", operation: method, reason: code, waitMs }),
			});
		} catch (error) {
			signal?.throwIfAborted();
			throw toHttpError(error, this.url);
		}
	}

	async #once<Accepted>(
		method: "GET" | "HEAD",
		headers: Readonly<Record<string, string>>,
		signal: AbortSignal | undefined,
		accept: (answer: HttpAnswer) => Accepted,
		attempt: Attempt,
	): Promise<Accepted> {
		// As they are: compressed on the way, the bytes would be others.
		const all = { ...headers, "accept-encoding": "identity" };
		let answer = await this.#client.request(method, this.#current, all, signal);
		if (answer.status >= 400 && ![412, 416].includes(answer.status) && this.#current !== this.url) {
			answer.body.destroy();
			answer = await this.#client.request(method, this.url, all, signal);
		}
		attempt.answer = { status: answer.status, headers: plainHeaders(answer) };
		try {
			if (![200, 206, 416].includes(answer.status)) throw statusErrorOf(answer);
			const { "content-encoding": encoding } = answer.headers;
			if (encoding !== undefined && encoding !== "identity")
				throw new UnexpectedAnswerError(
					`the response is compressed (${encoding}), though that was not asked for`,
				);
			this.#current = answer.url;
			this.#wasReached = true;
			return accept(answer);
		} catch (error) {
			answer.body.destroy();
			throw error;
		}
	}
}

/** Headers that are there once. */
function plainHeaders({ headers }: HttpAnswer): Record<string, string> {
	const plain = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
		typeof value === "string" ? [[name, value]] : [],
	);
	return Object.fromEntries(plain);
}

function statusErrorOf({ status, headers, body }: HttpAnswer): HttpStatusError {
	const { "retry-after": retryAfter, date } = headers;
	return new HttpStatusError(status, body.statusMessage, {
		...(retryAfter === undefined ? {} : { "retry-after": retryAfter }),
		...(date === undefined ? {} : { date }),
	});
}

export function validatorsOf({ headers }: HttpAnswer): Validators {
	return { etag: headers.etag, lastModified: headers["last-modified"] };
}

/**
 * What range a response holds.
 *
 * @throws {UnexpectedAnswerError} if it is not the one that was asked for.
 */
export function answeredRange({ status, headers }: HttpAnswer, wanted: WantedRange): AnsweredRange {
	const length = headers["content-length"];
	return checkContentRange(
		{
			status,
			contentRange: headers["content-range"],
			contentLength: length === undefined ? undefined : Number(length),
		},
		wanted,
	);
}

/** What is behind a URL whose server answers requests for ranges. */
export class HttpSource implements RangedSource {
	readonly location: string;
	readonly size: number;
	readonly identity: Validators & { readonly type: "http" };
	readonly #resource: HttpResource;
	readonly #client: HttpClient;

	constructor(resource: HttpResource, client: HttpClient, size: number, { etag, lastModified }: Validators) {
		this.location = shownUrl(resource.url);
		this.size = size;
		this.identity = { type: "http", etag, lastModified };
		this.#resource = resource;
		this.#client = client;
	}

	async *read(
		start: number,
		end: number,
		signal?: AbortSignal | undefined,
	): AsyncGenerator<Uint8Array, void, void> {
		if (start === end) return;
		const first = await this.#open(start, end, signal);
		yield* this.continued({ start, end }, first, signal);
	}

	/**
	 * All bytes; the first of them are requested by themselves. A server that says it knows ranges, and then sends the whole, is taken at
	 * that: in the same state it is just as good.
	 *
	 * @param aheadSize - Bytes that the first request is for.
	 */
	async *readAll(aheadSize: number, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
		const { size } = this;
		if (size === 0) return;
		const ahead = Math.min(size, aheadSize);
		const first = await this.#open(0, ahead, signal, true);
		const end = first.status === 200 ? size : ahead;
		yield* this.continued({ start: 0, end }, first, signal);
		yield* this.read(end, size, signal);
	}

	/** The bytes of a range, of a response that is coming in. */
	continued(
		{ start, end }: { readonly start: number; readonly end: number },
		{ body }: HttpAnswer,
		signal: AbortSignal | undefined,
	): AsyncGenerator<Uint8Array, void, void> {
		return continuedBody({ start, end }, body, {
			reopen: async (position) => (await this.#open(position, end, signal)).body,
			toError: (error) => toHttpError(error, this.#resource.url),
			signal,
		});
	}

	async #open(start: number, end: number, signal?: AbortSignal, orWhole = false): Promise<HttpAnswer> {
		const headers = { range: rangeHeader({ start, end }), ...this.#conditions() };
		try {
			return await this.#resource.ask("GET", headers, signal, (answer) => {
				this.#checkState(answer);
				if (orWhole && answer.status === 200 && Number(answer.headers["content-length"]) === this.size)
					return answer;
				const { size } = answeredRange(answer, { start, end });
				if (size !== this.size) throw this.#changed();
				return answer;
			});
		} catch (error) {
			throw [404, 410, 412].includes(statusOf(error) ?? 0) ? this.#changed(error) : error;
		}
	}

	/** A weak ETag cannot be a condition for ranges (RFC 9110, 13.1.1). */
	#conditions(): Record<string, string> {
		const { etag, lastModified } = this.identity;
		if (etag !== undefined && !etag.startsWith("W/")) return { "if-match": etag };
		return lastModified === undefined ? {} : { "if-unmodified-since": lastModified };
	}

	/** A server may take no notice of conditions. */
	#checkState(answer: HttpAnswer): void {
		const { etag, lastModified } = validatorsOf(answer);
		const known = this.identity;
		if (etag !== known.etag || (known.etag === undefined && lastModified !== known.lastModified))
			throw this.#changed();
		if (answer.status === 416) throw this.#changed();
	}

	#changed(cause?: unknown): ArchiveError {
		return new ArchiveError("ARCHIVE_CHANGED", "was replaced or deleted while it was read", {
			location: this.location,
			cause,
		});
	}

	async storedHashes(): Promise<undefined> {}

	async close(): Promise<void> {
		this.#client.close();
	}
}
