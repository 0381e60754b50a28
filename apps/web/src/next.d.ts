// Types of what the bundler resolves (CSS modules, images), without the generated next-env.d.ts.
/// <reference types="next" />
/// <reference types="next/image-types/global" />
