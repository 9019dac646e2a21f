// Names and addresses in tables may be broken after a dot or an underscore, before a slash, and within very long words;
// site.css keeps everything else whole.
const places = /\.(?=\w)|_(?=[^{}]*(?:\{|$))|\S(?=\/)/g;
const humps = /\w{12,}?[a-z](?=[A-Z])/g;
for (const code of document.querySelectorAll("td code")) {
  if (code.childElementCount === 0) {
    const parts = code.innerHTML.replace(places, "$&<wbr>").split("<wbr>");
    code.innerHTML = parts.map((part) => (part.length > 24 ? part.replace(humps, "$&<wbr>") : part)).join("<wbr>");
  }
}
