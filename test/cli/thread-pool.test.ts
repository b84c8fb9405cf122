import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { describe, expect, it } from "vitest";
import { MAIN } from "./zipferry.ts";

const REPORT = 'data:text/javascript,process.on("exit",()=>console.log(process.env.UV_THREADPOOL_SIZE))';

function poolSizeOf(size: string | undefined): number {
	const env = { ...process.env, UV_THREADPOOL_SIZE: size };
	const { stdout } = spawnSync(process.execPath, ["--import", REPORT, MAIN, "--version"], { env });
	return Number(stdout.toString().trim().split("\n").at(-1));
}

describe("the pool that deflates blocks", () => {
	it("has a thread for each processor, and never fewer than Node would give it", () => {
		expect(poolSizeOf(undefined)).toBe(Math.max(4, availableParallelism()));
	});

	it("is left as the user has set it", () => {
		expect(poolSizeOf("2")).toBe(2);
	});
});
