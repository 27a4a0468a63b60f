import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.bson.BsonDecoder;
import de.bwaldvogel.mongo.wire.bson.BsonEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/** Keeps documents as BSON, as they come and go on the wire: Java's serialization takes several times the time and the room. */
final class DocumentType extends BasicDataType<Document> {
  /** About what an object and its place in a document take. */
  private static final int OBJECT_BYTES = 96;

  @Override
  public int getMemory(Document document) {
    int bytes = OBJECT_BYTES;
    for (Object value : document.values()) {
      bytes += OBJECT_BYTES;
      if (value instanceof byte[] binary) bytes += binary.length;
      if (value instanceof String text) bytes += text.length();
    }
    return bytes;
  }

  @Override
  public void write(WriteBuffer buffer, Document document) {
    ByteBuf encoded = Unpooled.buffer();
    BsonEncoder.encodeDocument(document, encoded);
    buffer.putVarInt(encoded.readableBytes()).put(encoded.nioBuffer());
  }

  @Override
  public Document read(ByteBuffer buffer) {
    byte[] encoded = new byte[DataUtils.readVarInt(buffer)];
    buffer.get(encoded);
    return BsonDecoder.decodeBson(Unpooled.wrappedBuffer(encoded));
  }

  @Override
  public Document[] createStorage(int size) {
    return new Document[size];
  }
}
