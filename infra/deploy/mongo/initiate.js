// Makes this one server a replica set at the first look, and says at every look whether it is the primary.
try {
  rs.status();
} catch {
  rs.initiate({ _id: 'throughline', members: [{ _id: 0, host: `127.0.0.1:${process.env.MONGO_PORT}` }] });
}
quit(db.hello().isWritablePrimary ? 0 : 1);
