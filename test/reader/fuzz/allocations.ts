type Allocate = (size: number, ...rest: never[]) => Buffer;
const NAMES = ["alloc", "allocUnsafe", "allocUnsafeSlow"] as const;

/** The largest buffer that is asked for while something runs. */
export class Allocations {
	#largest = 0;
	readonly #restore: (() => void)[] = [];

	constructor() {
		for (const name of NAMES) {
			const real = Buffer[name] as Allocate;
			const watched = (size: number, ...rest: never[]) => {
				this.#largest = Math.max(this.#largest, size);
				return real.call(Buffer, size, ...rest);
			};
			Object.assign(Buffer, { [name]: watched });
			this.#restore.push(() => Object.assign(Buffer, { [name]: real }));
		}
	}

	/** Bytes of the largest since the last call. */
	take(): number {
		const largest = this.#largest;
		this.#largest = 0;
		return largest;
	}

	end(): void {
		for (const restore of this.#restore) restore();
	}
}
