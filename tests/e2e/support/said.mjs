// Comparing what was written in a page with what a program says: times, ages, names made anew are not compared.

/** What differs from run to run becomes a word. */
export function plain(line) {
    return line
        .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'WHEN')
        .replace(/\b(\d{1,2} [A-Z][a-z]{2} )?\d\d:\d\d:\d\d\b/g, 'TIME')
        .replace(/\b(\d+ (s|seconds?|minutes?|hours?|days?) ?)+ago\b/g, 'AGO')
        .replace(/\(in (\d+ (s|seconds?|minutes?|hours?|days?) ?)+\)/g, 'SOON')
        .replace(/\bentry \d+/g, 'ENTRY')
        .replace(/\b\d+ entries\b/g, 'ENTRIES')
        .replace(/their \d+ parts/g, 'PARTS')
        .replace(/\bafter \d+ s\b|\bat once\b/g, 'SOON')
        .replace(/\b(\d+ (s|minutes?|hours?|days?) ?)+later\b/g, 'LATER')
        .replace(/\((\d+ (s|minutes?|hours?|days?) ?)+\)|oldest \d+ (s|minutes?)|for \d+ (s|minutes?)\b/g, 'AGE')
        .replace(/\bC-[0-9a-z]{5,}\b/g, 'C-NAME')
        .replace(/\bE-[0-9a-z]{5,}\b/g, 'E-NAME')
        .replace(/\bhrt_[\w-]+|whsec_[\w+/=]+/g, 'SECRET')
        .replace(/\b[0-9a-f]{12,64}\b/g, 'DIGEST')
        .replace(/\d+ ms\b/g, 'MS')
        .replace(/process \d+/g, 'PROCESS')
        .replace(/\d+\.\d MB/g, 'SIZE')
        .trimEnd();
}

/** True if the lines are those of the page; "..." is any number of lines. */
export function same(wanted, got) {
    const pattern = wanted.map((line) => (line.trim() === '...' ? '(?:.*\n)*?' : `${plain(line).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\n`));
    return new RegExp(`^${pattern.join('')}$`).test(got.map((line) => `${plain(line)}\n`).join(''));
}
