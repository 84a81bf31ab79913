// Prints a Markdown table of two commits' results: node compare.js FOLDER BEFORE AFTER, where FOLDER has before-1/get.json and so on.
const fs = require('fs');
const path = require('path');

const [folder, before, after] = process.argv.slice(2);

/** The medians of one side by scenario and name: a list of one number per round. */
function read(side) {
    const values = new Map();
    for (const round of fs.readdirSync(folder).filter(name => name.startsWith(side + '-')).sort()) {
        for (const file of fs.readdirSync(path.join(folder, round)).sort()) {
            const section = JSON.parse(fs.readFileSync(path.join(folder, round, file)));
            const rows = section.Tables.flatMap(table => table.Rows.map(row => [`${table.Title}: ${row[0]}`, row[1]]));
            const claims = section.Claims.map(claim => [claim.Against === '–' ? claim.Work : `${claim.Work} ÷ ${claim.Against}`, claim.Measured]);
            for (const [name, text] of [...claims, ...rows]) {
                const number = parseFloat(text);
                if (Number.isFinite(number)) {
                    const key = `${section.Name} | ${name}`;
                    values.set(key, [...(values.get(key) ?? []), number]);
                }
            }
        }
    }
    return values;
}

const median = values => {
    const sorted = [...values].sort((a, b) => a - b);
    return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
};
const shown = value => Number(value.toPrecision(3)).toString();

const [old, now] = [read('before'), read('after')];
console.log(`| scenario | measure | ${before} | ${after} | after ÷ before |\n| --- | --- | ---: | ---: | ---: |`);
for (const [key, values] of old) {
    if (now.has(key)) {
        const ratios = values.map((value, i) => now.get(key)[i] / value).filter(Number.isFinite);
        const ratio = ratios.length === 0 ? '–' : `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`;
        console.log(`| ${key} | ${shown(median(values))} | ${shown(median(now.get(key)))} | ${ratio} |`);
    }
}
