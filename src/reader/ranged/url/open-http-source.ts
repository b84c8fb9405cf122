import { describeSize, MiB } from "../../../bytes/units.ts";
import { SourceError, StorageError } from "../../../errors.ts";
import { UnexpectedAnswerError } from "../../../s3/errors/sdk-error.ts";
import { rangeHeader } from "../../../s3/objects/content-range.ts";
import type { OpenArchiveSettings } from "../../options.ts";
import { memorySource } from "../memory-source.ts";
import { type OpenedSource, readRange } from "../ranged-source.ts";
import { TAIL_SIZE, tailStart } from "../tail.ts";
import { type HttpAnswer, HttpClient } from "./http-client.ts";
import { statusOf, toHttpError } from "./http-errors.ts";
import { answeredRange, HttpResource, HttpSource, validatorsOf } from "./http-source.ts";
import { shownUrl } from "./shown-url.ts";

/** Bytes of a whole response that is rather read into memory than refused. */
const LARGEST_WHOLE = 16 * MiB;

/**
 * Opens what is behind a URL: one request for its end tells its size as well. It is a GET, since a signed URL is often good for
 * that only. A server that does not know ranges from the end is asked for the size first, and one that knows no ranges at all
 * has to have a small archive, which is read whole.
 *
 * @throws {SourceError} `SOURCE_NOT_FOUND` if there is nothing.
 * @throws {StorageError} if the server refuses, cannot be reached, or knows no ranges.
 */
export async function openHttpSource(url: URL, settings: OpenArchiveSettings): Promise<OpenedSource> {
	const client = await HttpClient.create(settings);
	try {
		return await new Opening(url, client, settings).open();
	} catch (error) {
		client.close();
		const status = statusOf(error);
		if (status !== 404 && status !== 410) throw error;
		const origin = shownUrl(url);
		throw new SourceError("SOURCE_NOT_FOUND", `${origin} does not exist`, { origin, cause: error });
	}
}

class Opening {
	readonly #url: URL;
	readonly #client: HttpClient;
	readonly #resource: HttpResource;
	readonly #signal: AbortSignal | undefined;

	constructor(url: URL, client: HttpClient, settings: OpenArchiveSettings) {
		this.#url = url;
		this.#client = client;
		this.#resource = new HttpResource(url, client, settings);
		this.#signal = settings.signal;
	}

	async open(): Promise<OpenedSource> {
		const wanted = { suffix: TAIL_SIZE };
		const answer = await this.#ask("GET", { range: rangeHeader(wanted) });
		if (answer === undefined) return this.#openBySize(await this.#head());
		if (answer.status === 206) return this.#openByTail(answer);
		if (answer.status === 200) return this.#openWhole(answer);
		answer.body.destroy();
		const [, size] = /^bytes \*\/(\d+)$/.exec(answer.headers["content-range"] ?? "") ?? [];
		return size === undefined ? this.#openBySize(await this.#head()) : this.#openAt(Number(size), answer);
	}

	/** @returns `undefined` if the server says that it does not understand the request. */
	async #ask(
		method: "GET" | "HEAD",
		headers: Readonly<Record<string, string>>,
	): Promise<HttpAnswer | undefined> {
		try {
			return await this.#resource.ask(method, headers, this.#signal, (answer) => {
				if (answer.status === 206) answeredRange(answer, { suffix: TAIL_SIZE });
				return answer;
			});
		} catch (error) {
			if (method === "GET" && [400, 501].includes(statusOf(error) ?? 0)) return undefined;
			throw error;
		}
	}

	async #openByTail(answer: HttpAnswer): Promise<OpenedSource> {
		const range = answeredRange(answer, { suffix: TAIL_SIZE });
		const source = this.#source(range.size, answer);
		const chunks: Uint8Array[] = [];
		for await (const chunk of source.continued(range, answer, this.#signal)) chunks.push(chunk);
		return { source, tail: Buffer.concat(chunks) };
	}

	/** The server takes no notice of a range from the end, or of any. */
	async #openWhole(answer: HttpAnswer): Promise<OpenedSource> {
		const { "content-length": length } = answer.headers;
		if (length !== undefined && Number(length) > LARGEST_WHOLE) {
			answer.body.destroy();
			return this.#openBySize(answer);
		}
		const chunks: Uint8Array[] = [];
		let size = 0;
		try {
			for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
				size += chunk.byteLength;
				if (size > LARGEST_WHOLE) throw this.#noRanges();
				chunks.push(chunk);
			}
		} catch (error) {
			this.#signal?.throwIfAborted();
			throw toHttpError(error, this.#url);
		}
		this.#client.close();
		const identity = { type: "http", ...validatorsOf(answer) } as const;
		return memorySource(shownUrl(this.#url), Buffer.concat(chunks), identity);
	}

	async #head(): Promise<HttpAnswer> {
		const answer = await this.#ask("HEAD", {});
		if (answer === undefined) throw this.#noRanges();
		answer.body.resume();
		return answer;
	}

	/** With the size that the head of a response states. */
	async #openBySize(answer: HttpAnswer): Promise<OpenedSource> {
		const { "content-length": length } = answer.headers;
		if (length === undefined) throw this.#noRanges();
		return this.#openAt(Number(length), answer);
	}

	async #openAt(size: number, answer: HttpAnswer): Promise<OpenedSource> {
		const source = this.#source(size, answer);
		try {
			return { source, tail: await readRange(source, tailStart(size), size, this.#signal) };
		} catch (error) {
			throw error instanceof StorageError && error.facts.cause instanceof UnexpectedAnswerError
				? this.#noRanges(error)
				: error;
		}
	}

	#source(size: number, answer: HttpAnswer): HttpSource {
		return new HttpSource(this.#resource, this.#client, size, validatorsOf(answer));
	}

	#noRanges(cause?: unknown): StorageError {
		return new StorageError(
			"STORAGE_REFUSED",
			`the server of ${shownUrl(this.#url)} does not answer requests for a part of a file, and it has more than the ${describeSize(LARGEST_WHOLE)} that are read without that; download it first`,
			{ cause },
		);
	}
}
