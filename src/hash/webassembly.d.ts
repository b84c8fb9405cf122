/** What hashing uses of the JavaScript interface of WebAssembly. Node has it, its types do not. */
declare namespace WebAssembly {
	class Memory {
		constructor(descriptor: { readonly initial: number; readonly maximum: number; readonly shared: true });
		readonly buffer: SharedArrayBuffer;
	}

	class Module {
		constructor(code: Uint8Array);
	}

	class Instance<Exports> {
		constructor(module: Module, imports: Record<string, Record<string, Memory>>);
		readonly exports: Exports;
	}
}
