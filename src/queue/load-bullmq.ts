import { InvalidOptionError } from "../errors.ts";

type Bullmq = typeof import("bullmq");
/** What is used of it. */
type Ioredis = Pick<typeof import("ioredis"), "Redis">;
type Pg = Pick<typeof import("pg"), "Pool">;

/**
 * BullMQ, which whoever uses a queue installs beside this package.
 *
 * @throws {InvalidOptionError} if it is not installed.
 */
export function loadBullmq(): Promise<Bullmq> {
	return installed("bullmq", () => import("bullmq"));
}

/** The client of Redis, likewise. */
export function loadIoredis(): Promise<Ioredis> {
	return installed("ioredis", () => import("ioredis"));
}

/** The client of PostgreSQL, likewise. */
export function loadPg(): Promise<Pg> {
	return installed("pg", () => import("pg"), "pg");
}

async function installed<Module>(
	name: string,
	load: () => Promise<Module>,
	client = "ioredis",
): Promise<Module> {
	try {
		return await load();
	} catch (error) {
		if (!isMissing(error, name)) throw error;
		throw new InvalidOptionError(
			`a queue needs ${name}, which is not installed beside zipferry: npm install bullmq ${client} (with -g, if zipferry was installed so)`,
			{ cause: error },
		);
	}
}

function isMissing(error: unknown, name: string): boolean {
	return (
		error instanceof Error &&
		"code" in error &&
		error.code === "ERR_MODULE_NOT_FOUND" &&
		error.message.includes(`'${name}'`)
	);
}
