//! What wasm-bindgen generates for engines that could not run the module anyway, and for ways of loading that are not ours.

use anyhow::{Context, Result, bail};
use walrus::{FunctionBuilder, FunctionKind, ImportKind, Module, ValType};

use super::glue::exchanged;
use super::panics;

/// What is generated, and what stands in its place. The module itself asks for engines that know `globalThis` and registries
/// of what is finalised, and whose memory gets another buffer when it grows.
const SHORTER: [(&str, &str); 8] = [
    (
        "(typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(",
        "new FinalizationRegistry(",
    ),
    (
        "cachedDataViewMemory0 === null || cachedDataViewMemory0.buffer.detached === true || (cachedDataViewMemory0.buffer.detached === undefined && cachedDataViewMemory0.buffer !== wasm.memory.buffer)",
        "cachedDataViewMemory0?.buffer !== wasm.memory.buffer",
    ),
    (
        "cachedUint8ArrayMemory0 === null || cachedUint8ArrayMemory0.byteLength === 0",
        "!cachedUint8ArrayMemory0?.byteLength",
    ),
    // All texts are given with a way to make room for more.
    (
        "    if (realloc === undefined) {
        const buf = cachedTextEncoder.encode(arg);
        const ptr = malloc(buf.length, 1) >>> 0;
        getUint8ArrayMemory0().subarray(ptr, ptr + buf.length).set(buf);
        WASM_VECTOR_LEN = buf.length;
        return ptr;
    }
",
        "",
    ),
    // An instance has its glue for itself.
    (
        "let wasmModule, wasmInstance, wasm;
function __wbg_finalize_init(instance, module) {
    wasmInstance = instance;
    wasm = instance.exports;
    wasmModule = module;
    cachedDataViewMemory0 = null;
    cachedUint8ArrayMemory0 = null;
    return wasm;
}
",
        "let wasm;
function __wbg_finalize_init(instance) {
    wasm = instance.exports;
}
",
    ),
    (
        "let cachedDataViewMemory0 = null;",
        "let cachedDataViewMemory0;",
    ),
    (
        "let cachedUint8ArrayMemory0 = null;",
        "let cachedUint8ArrayMemory0;",
    ),
    (
        "const ret = typeof globalThis === 'undefined' ? undefined : globalThis;
            return isLikeNone(ret) ? 0 : addHeapObject(ret);",
        "return addHeapObject(globalThis);",
    ),
];

/// By what js-sys looks the global object up under each of four names.
const LOOKUPS: &str = "js_sys::global::get_global_object::";
/// The function of js-sys that tries them in turn, up to its hash, and what imports the one that all engines know.
const TRIES: &str = "js_sys::global::get_global_object::h";
const KNOWN: &str = "static_accessor_GLOBAL_THIS";

/// Has the module take the global object by the one name.
pub fn take_the_global(module: &mut Module) -> Result<()> {
    let imported = |name: &str| name.contains(KNOWN);
    let known = module.imports.iter().find(|import| imported(&import.name));
    let known = known.context("no import gives `globalThis`")?;
    let ImportKind::Function(known) = known.kind else {
        bail!("what gives `globalThis` is no function");
    };
    let tries = panics::functions(module, |path| path.starts_with(TRIES));
    let tries = tries.into_iter().next();
    let tries = tries.context("no function looks the global object up")?;
    // A table still names the lookups.
    let lookups = panics::functions(module, |path| path.starts_with(LOOKUPS));
    panics::trap(module, &lookups);
    let mut taken = FunctionBuilder::new(&mut module.types, &[], &[ValType::I32]);
    taken.func_body().call(known);
    module.funcs.get_mut(tries).kind = FunctionKind::Local(taken.local_func(Vec::new()));
    Ok(())
}

/// The generated JavaScript without all that.
pub fn left_out(generated: &str) -> Result<String> {
    let mut glue = generated.to_owned();
    for (generated, shorter) in SHORTER {
        glue = exchanged(&glue, generated, shorter)?;
    }
    Ok(glue)
}

#[cfg(test)]
mod tests {
    use walrus::ir::Instr;
    use walrus::{FunctionBuilder, Module, ValType};

    use super::{SHORTER, left_out, take_the_global};

    fn generated() -> String {
        SHORTER.iter().map(|(generated, _)| *generated).collect()
    }

    #[test]
    fn what_elder_engines_need_is_left_out() {
        let left = left_out(&generated()).unwrap_or_default();
        for word in ["typeof", "detached", "realloc", "wasmModule"] {
            assert!(!left.contains(word), "{left}");
        }
    }

    #[test]
    fn an_output_of_another_shape_is_refused() {
        for part in ["wasmInstance", "typeof globalThis", "detached"] {
            assert!(left_out(&generated().replace(part, "")).is_err(), "{part}");
        }
    }

    #[test]
    fn the_global_object_is_taken_by_the_one_name() {
        let mut module = Module::default();
        assert!(take_the_global(&mut module).is_err());
        let kind = module.types.add(&[], &[ValType::I32]);
        let import = "__wbg_static_accessor_GLOBAL_THIS_1";
        let (known, _) = module.add_import_func("b", import, kind);
        assert!(take_the_global(&mut module).is_err());
        let mut tries = FunctionBuilder::new(&mut module.types, &[], &[ValType::I32]);
        tries.name("js_sys::global::get_global_object::h1".into());
        tries.func_body().unreachable();
        let tries = tries.finish(Vec::new(), &mut module.funcs);
        let mut lookup = FunctionBuilder::new(&mut module.types, &[], &[ValType::I32]);
        lookup.name("js_sys::global::get_global_object::get_window::h2".into());
        lookup.func_body().call(known);
        let lookup = lookup.finish(Vec::new(), &mut module.funcs);
        assert!(take_the_global(&mut module).is_ok());
        let first = |function| {
            let body = module.funcs.get(function).kind.unwrap_local();
            body.block(body.entry_block()).instrs.first()
        };
        assert!(matches!(first(tries), Some((Instr::Call(call), _)) if call.func == known));
        assert!(matches!(first(lookup), Some((Instr::Unreachable(_), _))));
    }
}
