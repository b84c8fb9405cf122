import type { Command } from "./command.ts";
import { extract } from "./read/extract.ts";
import { doctor } from "./storage/doctor.ts";
import { uploads } from "./storage/uploads.ts";
import { create } from "./write/create.ts";
import { upload } from "./write/upload.ts";

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [upload, create, extract, uploads, doctor];
