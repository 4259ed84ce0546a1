namespace rt {
// One definition per flavour, linked whether or not it is referenced: two
// flavours in one binary fail at link time instead of breaking the ODR.
extern const int exactly_one_flavor_per_binary = 1;
}  // namespace rt
