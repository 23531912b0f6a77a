/** A rule of dependency-cruiser: no file of `from` imports a file of `to`. */
module.exports = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });
