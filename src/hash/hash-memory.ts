import { DATA_OFFSET } from "./md5-program.js";

const PAGE_SIZE = 64 * 1024;
/** A WebAssembly memory has 4 GiB at most. */
const MAX_PAGES = 65_536;

const memories = new WeakMap<ArrayBufferLike, WebAssembly.Memory>();

/**
 * Shared memory of `size` bytes, any contents, that a thread can hash where it is. The program that computes
 * MD5 sees no memory but that which it was started with: so each buffer is one, as long as there are any.
 */
export function allocateHashable(size: number): Buffer {
	const pages = Math.ceil((DATA_OFFSET + size) / PAGE_SIZE);
	if (pages > MAX_PAGES) return Buffer.from(new SharedArrayBuffer(size));
	try {
		const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
		memories.set(memory.buffer, memory);
		return Buffer.from(memory.buffer, DATA_OFFSET, size);
	} catch {
		// Each takes several GiB of addresses, which a process may be short of (ulimit -v).
		return Buffer.from(new SharedArrayBuffer(size));
	}
}

/** The memory that bytes are in, as a thread can be given it. @throws {TypeError} if it is not shared. */
export function memoryOf({ buffer }: Uint8Array): WebAssembly.Memory | SharedArrayBuffer {
	const memory = memories.get(buffer) ?? buffer;
	if (memory instanceof ArrayBuffer) throw new TypeError("only shared memory can be hashed by a thread");
	return memory;
}
