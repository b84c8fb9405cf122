import { MiB } from "../../bytes/units.ts";
import { SourceError, ZipferryError } from "../../errors.ts";
import { ArchiveError } from "../../reader/archive-error.ts";
import type { HttpAnswer, HttpClient } from "../../reader/ranged/url/http-client.ts";
import { statusOf } from "../../reader/ranged/url/http-errors.ts";
import { type HttpResource, HttpSource, validatorsOf } from "../../reader/ranged/url/http-source.ts";
import { shownUrl } from "../../reader/ranged/url/shown-url.ts";
import type { EntryReader } from "../../zip/entry.ts";
import { ChunkReader } from "../generated/chunk-reader.ts";
import { canBeContinued, conditionsOf, lengthOf, type ResourceFacts } from "./resource-facts.ts";

/** Bytes that are requested before an entry's turn: the rest of a large one would wait on an open connection. */
const REQUESTED_AHEAD = MiB;

/** Reads what a web server sends, in the state that it was in when it was asked for. */
export class WebContent {
	readonly origin: string;
	readonly #resource: HttpResource;
	readonly #client: HttpClient;
	readonly #facts: ResourceFacts;

	constructor(resource: HttpResource, client: HttpClient, facts: ResourceFacts) {
		this.origin = shownUrl(resource.url);
		this.#resource = resource;
		this.#client = client;
		this.#facts = facts;
	}

	/** What can be read from any byte; `undefined` if the server knows no ranges, or the state could not be told from another. */
	get ranged(): HttpSource | undefined {
		const { hasRanges, size } = this.#facts;
		if (!hasRanges || size === undefined || !canBeContinued(this.#facts)) return undefined;
		return new HttpSource(this.#resource, this.#client, size, this.#facts);
	}

	/** Whether more would wait on its connection than is requested ahead. */
	get inTurn(): boolean {
		const { size = Number.POSITIVE_INFINITY } = this.#facts;
		return size > REQUESTED_AHEAD && this.ranged === undefined;
	}

	async open(signal: AbortSignal): Promise<EntryReader> {
		const { ranged } = this;
		if (ranged !== undefined) {
			return this.#reader(ranged.readAll(REQUESTED_AHEAD, signal), ranged.size);
		}
		const answer = await this.#ask(signal);
		const { headers } = answer;
		const size = lengthOf(answer) ?? this.#facts.size;
		if (size === undefined && !/\bchunked$/i.test(headers["transfer-encoding"] ?? "")) {
			answer.body.destroy();
			throw this.#error(
				"SOURCE_UNREADABLE",
				"cannot be told from one that broke off: its server does not say how long it is",
			);
		}
		const validators = validatorsOf(answer);
		if (size === undefined || !canBeContinued(validators))
			return this.#reader(this.#whole(answer, size, signal), size);
		const source = new HttpSource(this.#resource, this.#client, size, validators);
		return this.#reader(source.continued({ start: 0, end: size }, answer, signal), size);
	}

	/** The bytes of a range; errors as of a source. */
	async *told(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
		try {
			yield* chunks;
		} catch (error) {
			throw this.#toSourceError(error);
		}
	}

	#reader(chunks: AsyncIterable<Uint8Array>, size: number | undefined): EntryReader {
		return new ChunkReader(this.told(chunks), undefined, size, this.origin);
	}

	async #ask(signal: AbortSignal): Promise<HttpAnswer> {
		let answer: HttpAnswer;
		try {
			answer = await this.#resource.ask("GET", conditionsOf(this.#facts), signal, (given) => given);
		} catch (error) {
			throw this.#toSourceError(error);
		}
		if (!this.#isOtherState(answer)) return answer;
		answer.body.destroy();
		throw this.#changed();
	}

	/** A server may take no notice of conditions. */
	#isOtherState(answer: HttpAnswer): boolean {
		const { size, etag, lastModified } = this.#facts;
		const now = validatorsOf(answer);
		const differs = (known: unknown, given: unknown) =>
			known !== undefined && given !== undefined && known !== given;
		if (answer.status !== 200 || differs(size, lengthOf(answer)) || differs(etag, now.etag)) return true;
		return etag === undefined && differs(lastModified, now.lastModified);
	}

	/** A response that cannot be continued. */
	async *#whole(
		{ body }: HttpAnswer,
		size: number | undefined,
		signal: AbortSignal,
	): AsyncGenerator<Uint8Array, void, void> {
		let received = 0;
		try {
			for await (const chunk of body as AsyncIterable<Uint8Array>) {
				received += chunk.byteLength;
				yield chunk;
			}
		} catch (cause) {
			signal.throwIfAborted();
			throw this.#brokeOff(received, cause);
		} finally {
			body.destroy();
		}
		if (size !== undefined && received < size) throw this.#brokeOff(received);
	}

	#brokeOff(received: number, cause?: unknown): SourceError {
		const what = `broke off after ${received} bytes, and its server gives nothing to continue it by`;
		return this.#error("SOURCE_UNREADABLE", what, cause);
	}

	#toSourceError(error: unknown): unknown {
		const isChanged = error instanceof ArchiveError && error.code === "ARCHIVE_CHANGED";
		const status = statusOf(isChanged ? error.cause : error);
		if (status === 404 || status === 410) return missing(this.origin, error);
		return isChanged || (error instanceof ZipferryError && status === 412) ? this.#changed(error) : error;
	}

	#changed(cause?: unknown): SourceError {
		return this.#error("SOURCE_CHANGED", "was replaced since it was first asked for", cause);
	}

	#error(code: SourceError["code"], what: string, cause?: unknown): SourceError {
		return new SourceError(code, `${this.origin} ${what}`, { origin: this.origin, cause });
	}
}

/** There is nothing behind the address, or nothing any more. */
export function missing(origin: string, cause: unknown): SourceError {
	return new SourceError("SOURCE_NOT_FOUND", `${origin} does not exist`, { origin, cause });
}
