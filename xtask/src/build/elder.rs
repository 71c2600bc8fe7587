//! What wasm-bindgen generates for engines that could not run the module anyway, and for ways of loading that are not ours.

use anyhow::{Result, ensure};

/// What is generated, and what stands in its place. The module itself asks for engines that know `globalThis` and registries
/// of what is finalised, and whose memory gets another buffer when it grows.
const SHORTER: [(&str, &str); 7] = [
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
];

/// The names by which js-sys looks the global object up, and how.
const GLOBALS: [&str; 4] = ["global", "globalThis", "self", "window"];

/// The generated JavaScript without all that.
pub fn left_out(generated: &str) -> Result<String> {
    let mut glue = generated.to_owned();
    for (generated, shorter) in SHORTER {
        ensure!(
            glue.contains(generated),
            "the generated JavaScript has no `{generated}`"
        );
        glue = glue.replace(generated, shorter);
    }
    for name in GLOBALS {
        let lookup = format!(
            "const ret = typeof {name} === 'undefined' ? undefined : {name};
            return isLikeNone(ret) ? 0 : addHeapObject(ret);"
        );
        ensure!(
            glue.contains(&lookup),
            "the generated JavaScript does not look for `{name}`"
        );
        glue = glue.replace(&lookup, "return addHeapObject(globalThis);");
    }
    Ok(glue)
}

#[cfg(test)]
mod tests {
    use super::{GLOBALS, SHORTER, left_out};

    fn generated() -> String {
        let mut glue: String = SHORTER.iter().map(|(generated, _)| *generated).collect();
        for name in GLOBALS {
            let lookup = format!(
                "const ret = typeof {name} === 'undefined' ? undefined : {name};\n            return isLikeNone(ret) ? 0 : addHeapObject(ret);"
            );
            glue.push_str(&lookup);
        }
        glue
    }

    #[test]
    fn what_elder_engines_need_is_left_out() {
        let left = left_out(&generated()).unwrap_or_default();
        for word in ["typeof", "detached", "realloc", "wasmModule", "window"] {
            assert!(!left.contains(word), "{left}");
        }
    }

    #[test]
    fn an_output_of_another_shape_is_refused() {
        for part in ["wasmInstance", "typeof self", "detached"] {
            assert!(left_out(&generated().replace(part, "")).is_err(), "{part}");
        }
    }
}
