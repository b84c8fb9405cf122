import type { FetchedRun } from "./fetch-pieces.ts";
import type { Piece } from "./pieces.ts";

/** The runs that are needed just now. More come in when a byte of them is asked for. */
export class RunWindow {
	readonly #runs: AsyncIterator<Iterable<FetchedRun>>;
	readonly #onRun: (run: FetchedRun) => void;
	#batch: Iterator<FetchedRun> | undefined;
	#held: FetchedRun[] = [];
	#pieces: Piece[] = [];
	#at = 0;

	/** @param onRun - Gets each run when it is needed, in their order. */
	constructor(runs: AsyncIterable<Iterable<FetchedRun>>, onRun: (run: FetchedRun) => void) {
		this.#runs = runs[Symbol.asyncIterator]();
		this.#onRun = onRun;
	}

	/** The next piece; bytes before it are let go. */
	async nextPiece(): Promise<Piece | undefined> {
		while (this.#at === this.#pieces.length) {
			this.#pieces = [];
			this.#at = 0;
			if (!(await this.#pull())) return undefined;
		}
		const piece = this.#pieces[this.#at++];
		if (piece !== undefined) this.#letGo(piece.entry.offset);
		return piece;
	}

	/** The piece that {@link nextPiece} would give, if all its bytes are there: without waiting. */
	takeReady(): Piece | undefined {
		const piece = this.#pieces[this.#at];
		const run = this.#held.at(-1);
		if (piece === undefined || run === undefined) return undefined;
		if (piece.entry.offset < run.start || piece.next > run.start + run.bytes.byteLength) return undefined;
		this.#at++;
		this.#letGo(piece.entry.offset);
		return piece;
	}

	/** Bytes that are in one run. */
	ready(start: number, end: number): Uint8Array | undefined {
		for (const run of this.#held)
			if (start >= run.start && end <= run.start + run.bytes.byteLength)
				return run.bytes.subarray(start - run.start, end - run.start);
		return undefined;
	}

	/** Bytes of a piece. What was not requested is not there: then there are fewer. */
	async bytes(start: number, end: number): Promise<Uint8Array> {
		const chunks: Uint8Array[] = [];
		for await (const chunk of this.chunks(start, end)) chunks.push(chunk);
		const [only] = chunks;
		return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
	}

	/** The same in chunks, of which none is kept. */
	async *chunks(start: number, end: number): AsyncGenerator<Uint8Array, void, void> {
		for (let at = start; at < end; ) {
			const run = this.#held.find((held) => held.start <= at && at < held.start + held.bytes.byteLength);
			if (run === undefined) {
				const last = this.#held.at(-1);
				if (last !== undefined && last.start > at) return;
				if (!(await this.#pull())) return;
				continue;
			}
			const chunk = run.bytes.subarray(at - run.start, end - run.start);
			at += chunk.byteLength;
			yield chunk;
			this.#letGo(at);
		}
	}

	/** Reads the rest, so that everything has been seen. */
	async drain(): Promise<void> {
		while (await this.#pull()) this.#held = [];
	}

	async close(): Promise<void> {
		await this.#runs.return?.();
	}

	#letGo(before: number): void {
		while (this.#held.length > 1) {
			const [first] = this.#held;
			if (first === undefined || first.start + first.bytes.byteLength > before) return;
			this.#held.shift();
		}
	}

	async #pull(): Promise<boolean> {
		for (;;) {
			const step = this.#batch?.next();
			if (step !== undefined && !step.done) {
				const run = step.value;
				this.#onRun(run);
				this.#held.push(run);
				for (const piece of run.pieces) this.#pieces.push(piece);
				return true;
			}
			const batch = await this.#runs.next();
			if (batch.done) return false;
			this.#batch = batch.value[Symbol.iterator]();
		}
	}
}
