package identity

func appendPlainPhone(dst, text []byte, home string) ([]byte, bool) { return dst, false }
