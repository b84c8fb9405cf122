/** The range of an archive that somebody asks for. */
export class ByteWindow {
	readonly start: number;
	readonly end: number;

	/** @param end - Not included. */
	constructor(start: number, end: number) {
		this.start = start;
		this.end = end;
	}

	/** Whether any of `size` bytes at `offset` is in it. */
	overlaps(offset: number, size: number): boolean {
		return size > 0 && offset < this.end && offset + size > this.start;
	}

	/** Whether all of them are. */
	holds(offset: number, size: number): boolean {
		return offset >= this.start && offset + size <= this.end;
	}

	/** What is in it of `size` bytes at `offset`, counted from there; empty if nothing is. */
	within(offset: number, size: number): { readonly start: number; readonly end: number } {
		const start = Math.min(size, Math.max(0, this.start - offset));
		return { start, end: Math.max(start, Math.min(size, this.end - offset)) };
	}

	/** What is in it of bytes that lie at `offset`. */
	cut(offset: number, bytes: Uint8Array): Uint8Array {
		const { start, end } = this.within(offset, bytes.byteLength);
		return bytes.subarray(start, end);
	}
}
