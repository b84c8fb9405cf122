import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createZip } from "../../src/archive/create-zip.ts";
import { noise } from "../support/bytes.ts";
import { type Certificate, makeCertificate } from "../support/certificate.ts";

export type ArchiveSize = "parts" | "small";

/** A directory, and the archive that has to come out of it. */
export interface TestArchive {
	readonly directory: string;
	readonly bytes: Buffer;
	readonly md5: string;
}

const MiB = 1024 * 1024;

/** Bytes of noise, which stays as large as it is: three parts of 5 MiB, or a single request. */
const SIZES: Readonly<Record<ArchiveSize, number>> = { parts: 11 * MiB, small: 100_000 };

/** What is uploaded while things go wrong. Made once, used by many runs. */
export class TestArchives {
	readonly #root: string;
	readonly #archives: Readonly<Record<ArchiveSize, TestArchive>>;
	#certificate: Promise<Certificate> | undefined;

	private constructor(root: string, archives: Readonly<Record<ArchiveSize, TestArchive>>) {
		this.#root = root;
		this.#archives = archives;
	}

	static async create(): Promise<TestArchives> {
		const root = await mkdtemp(join(tmpdir(), "zipferry-faults-"));
		const make = async (size: ArchiveSize): Promise<TestArchive> => {
			const directory = join(root, size);
			await mkdir(directory);
			await writeFile(join(directory, "noise.bin"), noise(SIZES[size]));
			let bytes: Buffer = Buffer.alloc(0);
			const { md5 = "" } = await createZip(directory, async (chunks) => {
				const copies: Buffer[] = [];
				for await (const chunk of chunks) copies.push(Buffer.from(chunk)); // its memory is used again
				bytes = Buffer.concat(copies);
			});
			return { directory, bytes, md5 };
		};
		return new TestArchives(root, { parts: await make("parts"), small: await make("small") });
	}

	of(size: ArchiveSize): TestArchive {
		return this.#archives[size];
	}

	/** A certificate for servers on loopback, made when it is needed first. */
	certificate(): Promise<Certificate> {
		this.#certificate ??= makeCertificate(this.#root, "IP:127.0.0.1");
		return this.#certificate;
	}

	async remove(): Promise<void> {
		await rm(this.#root, { recursive: true, force: true });
	}
}
