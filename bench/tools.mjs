import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Stdout of a command; `undefined` if it is missing or fails. */
export function output(command, ...args) {
	const { status, stdout } = spawnSync(command, args, { encoding: "utf8" });
	return status === 0 ? stdout.trim() : undefined;
}

/** Path of a program; `undefined` if it is not there. */
export function findTool(name) {
	const path = output("sh", "-c", `command -v ${name}`);
	// A shim of pyenv is a shell script that takes longer than some programs behind it.
	return path?.includes("/shims/") ? output("pyenv", "which", name) : path;
}

/** Which of the two Python packages with the name `zipstream` there is. */
export function pythonZipstream(python) {
	const program = "import zipstream; print('ng' if hasattr(zipstream, 'ZipStream') else 'old')";
	return python && output(python, "-c", program);
}

/** Compiles the peer in Go, outside of the repository; `undefined` without Go. */
export function buildGo() {
	const go = findTool("go");
	if (go === undefined) return undefined;
	const folder = join(tmpdir(), "zipferry-bench");
	mkdirSync(folder, { recursive: true });
	const program = join(folder, "archive-zip");
	const source = fileURLToPath(new URL("peers/archive-zip.go", import.meta.url));
	return output(go, "build", "-o", program, source) === undefined ? undefined : program;
}
