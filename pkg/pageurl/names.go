package pageurl

import "bytes"

// class is what the name of a parameter says of its value.
type class uint8

const (
	other    class = iota
	person         // names a person: the value goes, unless it is a flag
	phoneOf        // a phone, if the value is one: mobile=1 is none
	campaign       // of a campaign: only an e-mail or a phone in it goes
	click          // a click id: never touched
)

// maxName bounds the names that are known.
const maxName = 48

// classOf knows a parameter by its name, in all spellings: user[email], customer.email, billing_email, userEmail, email_1.
func classOf(name []byte) class {
	if len(name) < 2 || len(name) > maxName {
		return other
	}
	var room [maxName]byte
	folded := fold(room[:0], name)
	if len(folded) < 2 {
		return other
	}
	if bytes.HasPrefix(folded, []byte("utm")) {
		return campaign
	}
	switch string(folded) {
	case "fbclid", "gclid", "gclsrc", "dclid", "wbraid", "gbraid", "msclkid", "ttclid", "twclid", "lifatid", "yclid", "epik",
		"srsltid", "igshid", "sccid", "rdtcid", "ctwaclid":
		return click
	case "em", "fn", "ln", "zp", "zip", "plz", "dob", "name", "fname", "lname", "mname", "nombre", "nome", "nom", "naam", "namn", "imie",
		"epost", "cpf", "dni":
		return person
	case "ph", "tel", "cell", "fax", "gsm", "whatsapp":
		return phoneOf
	}
	for _, s := range suffixes[folded[len(folded)-1]] {
		if owner, ok := bytes.CutSuffix(folded, s.text); ok && (!s.owned || isOwner(owner)) {
			return s.class
		}
	}
	return other
}

// fold appends a name's letters and digits in lower case, without digits at its end.
func fold(dst, name []byte) []byte {
	for _, b := range name {
		switch {
		case 'A' <= b && b <= 'Z':
			dst = append(dst, b|0x20)
		case isAlnum(b), b >= 0x80:
			dst = append(dst, b)
		}
	}
	for len(dst) > 0 && isDigit(dst[len(dst)-1]) {
		dst = dst[:len(dst)-1]
	}
	return dst
}

// suffix is an end of names. One that is owned is another thing's, too (a city of a shop, the gender of clothes): it counts
// behind whose it is.
type suffix struct {
	text  []byte
	class class
	owned bool
}

// suffixes has them by their last letter.
var suffixes = func() (table [256][]suffix) {
	add := func(c class, owned bool, words ...string) {
		for _, w := range words {
			last := w[len(w)-1]
			table[last] = append(table[last], suffix{[]byte(w), c, owned})
		}
	}
	add(person, false,
		"mail", "mails", "emailaddress", "emailaddr", "emailhash", "emailsha", "emailmd", "correo", "courriel",
		"firstname", "lastname", "fullname", "middlename", "surname", "givenname", "familyname", "maidenname", "nickname", "username",
		"forename", "realname", "vorname", "nachname", "apellido", "apellidos", "cognome", "sobrenome", "prenom", "prénom",
		"voornaam", "achternaam", "fornamn", "förnamn", "efternamn", "fornavn", "etternavn", "efternavn", "etunimi", "sukunimi", "nazwisko",
		"address", "addressline", "addr", "street", "streetname", "strasse", "straße", "adresse", "indirizzo", "direccion", "endereco",
		"postleitzahl", "codepostal", "codigopostal", "postnummer", "zipcode", "postcode", "postalcode",
		"birthday", "birthdate", "dateofbirth", "birth", "bday", "geburtsdatum", "geburtstag",
		"ssn", "iban", "passport", "cardnumber")
	add(phoneOf, false,
		"phone", "phoneno", "phonenumber", "phones", "mobile", "mobileno", "mobilenumber", "cellnumber", "msisdn", "contactnumber", "contactno",
		"telefon", "telefono", "telefone", "telephon", "telefoon", "telefonnummer", "telefoonnummer", "handy", "handynummer", "celular", "telnumber", "telno")
	add(person, true, "name", "fname", "lname", "mname",
		"city", "state", "region", "country", "zip", "postal", "plz", "ct", "st", "zp", "fn",
		"ln", "em", "db", "ge",
		"gender", "sex", "age", "dob", "title", "salutation", "login", "pass")
	add(phoneOf, true, "ph", "tel", "cell", "fax")
	return table
}()

// isOwner says whether what stands before a name's end is whose data it is.
func isOwner(before []byte) bool {
	for _, o := range owners {
		if bytes.HasSuffix(before, o) && (len(o) > 3 || len(o) == len(before)) { // a cloud is no ud
			return true
		}
	}
	return false
}

var owners = [][]byte{
	[]byte("user"), []byte("userdata"), []byte("customer"), []byte("client"), []byte("contact"), []byte("person"), []byte("billing"),
	[]byte("bill"), []byte("billto"), []byte("shipping"), []byte("shipto"), []byte("delivery"), []byte("recipient"), []byte("receiver"),
	[]byte("sender"), []byte("member"), []byte("guest"), []byte("buyer"), []byte("payer"), []byte("lead"), []byte("profile"),
	[]byte("traits"), []byte("subscriber"), []byte("visitor"), []byte("patient"), []byte("student"), []byte("applicant"),
	[]byte("cardholder"), []byte("holder"), []byte("owner"), []byte("author"), []byte("your"), []byte("my"), []byte("ud"), []byte("udff"),
	[]byte("address"), []byte("fields"),
}
